import FleetKit

@main
enum Main {
    static func main() async { await FleetDoctor.run() }
}
