import DevManager

@main
enum Main {
    static func main() async { await DevManager.run() }
}
