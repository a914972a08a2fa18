internal import A2fmRouter
internal import AdaptiveConsistency
internal import AdaptiveInferenceCompute
internal import AdaptiveTemperature
internal import Allocators
internal import Arise
internal import Atts
internal import Bandit
internal import BestOfN
internal import BudgetForcing
internal import Cascade
internal import CeCollm
internal import ComputeOptimal
internal import Confidence
internal import ConfidenceVote
internal import CostMetrics
internal import Deepconf
internal import Deer
internal import Dsc
internal import Dynasor
internal import EntropyAdaptive
internal import Esc
internal import EvalhPluginKit
internal import Given
internal import Graders
internal import Greedy
internal import InsideMetrics
internal import MinPSweep
internal import Oracle
internal import QExit
internal import Regret
internal import RepeatMetrics
internal import Router
internal import RunawayGuard
internal import ScalingFits
internal import SelfConsistency
internal import ServicesTour
internal import Speculative
internal import Sprt
internal import Subject
internal import ZipRc

/// All plugins that evalh brings along, in one library, so that kit and statistics are in it once.
private let library = Library(
    name: "evalh", version: "1.0.0",
    plugins: [
        a2fmRouter, adaptiveConsistency, adaptiveInferenceCompute, adaptiveTemperature, allocators, arise, atts, bandit,
        bestOfN, budgetForcing, cascade, ceCollm, computeOptimal, confidence, confidenceVote, costMetrics, deepconf,
        deer, dsc, dynasor, entropyAdaptive, esc, given, graders, greedy, insideMetrics, minPSweep, oracle, qExit,
        regret,
        repeatMetrics, router, runawayGuard, scalingFits, selfConsistency, servicesTour, speculative, sprt,
        subject, zipRc,
    ].flatMap(\.self))

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
