package import EvalhPluginKit

package let budgetForcing: [Plugin] = [.strategy(BudgetForcingStrategy.self)]
