import DoctorKit
@main struct Main { static func main() {} }
