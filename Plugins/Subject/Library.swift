package import EvalhPluginKit

package let subject: [Plugin] = [.strategy(SubjectStrategy.self)]
