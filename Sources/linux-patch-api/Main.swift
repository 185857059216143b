import AgentKit

@main
enum Main {
    static func main() async { await Agent.run() }
}
