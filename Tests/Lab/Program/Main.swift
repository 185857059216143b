import LabKit

/// `lab check` says whether the lab can run here; `lab list` names the scenarios; `lab demo` shows the incident.
@main
enum Main {
    static func main() -> Int32 { Console.run(CommandLine.arguments.dropFirst().first ?? "") }
}
