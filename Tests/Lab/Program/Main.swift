import LabKit

@main
enum Main {
    static func main() throws {}
}
