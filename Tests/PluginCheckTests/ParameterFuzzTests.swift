import JSON
import Testing

@testable import PluginCheck

