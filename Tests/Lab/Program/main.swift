// `lab check` says whether the lab can run here, `lab list` names the scenarios, `lab run` runs them one by one,
// `lab demo` shows the incident, `lab bench` times a whole run in it, `lab captures` what keeping evidence by itself costs.
import Glibc
import LabKit

exit(Console.run(CommandLine.arguments.dropFirst().first ?? ""))
