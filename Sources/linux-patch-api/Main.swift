import AgentKit

@main
enum Main {
    static func main() { Agent.run() }
}
