import Testing

@testable import AgentKit

@Suite struct AgentKitTests {
}
