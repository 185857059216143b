import DoctorKit

@main
enum Main {
    static func main() { Doctor.run() }
}
