import DoctorKit

@main
enum Main {
    static func main() async { await Doctor.run() }
}
