import Foundation
import TestKit
import Testing

/// A real browser without a screen, which looks at one page.
struct Browser {
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    /// In CI a browser that is not there is a failure and no reason to skip.
    static let isWanted = path != nil || ProcessInfo.processInfo.environment["CI"] == "true"
    static let need: Comment = "needs chromium and poppler-utils (make deps)"
    /// Where pictures go for people to look at; nowhere unless asked for.
    static let gallery = ProcessInfo.processInfo.environment["PATCH_DOCTOR_PICTURES"]

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// What a script beside the page sees of it in a window of this size; the page's own policy stays in force.
    func look(at page: String, width: Int, height: Int, dark: Bool = false) throws -> Look {
        try directory.write("frame.html", Self.frame(page, width: width, height: height))
        let dump = try run("--dump-dom", dark: dark, on: "frame.html")
        // The script itself, which has the word too, stands below its result.
        let parts = dump.components(separatedBy: "MEASURED:").dropFirst()
        let data = Data(base64Encoded: parts.first?.components(separatedBy: ":END").first ?? "")
        return try JSONDecoder().decode(Look.self, from: #require(data, "the browser said: \(dump.prefix(2000))"))
    }

    /// A picture of the whole page as it looks in a window of this width, into the gallery.
    func keepPicture(of page: String, width: Int, name: String, dark: Bool = false) throws {
        guard let gallery = Self.gallery else { return }
        let height = try look(at: page, width: width, height: 740, dark: dark).height
        try page.write(toFile: "\(gallery)/\(name).html", atomically: true, encoding: .utf8)
        try directory.write("frame.html", Self.frame(page, width: width, height: height))
        _ = try run(
            "--screenshot=\(gallery)/\(name).png", "--window-size=\(max(500, width)),\(height)", dark: dark,
            on: "frame.html")
    }

    /// The page on paper: its text, its pages, and every colour that is on them.
    func print(_ page: String, name: String, dark: Bool = false) throws -> Paper {
        try directory.write("page.html", page)
        let pdf = directory.path + "/page.pdf"
        _ = try run("--print-to-pdf=\(pdf)", "--no-pdf-header-footer", dark: dark, on: "page.html")
        _ = try ChildProcess.output(of: ["pdftoppm", "-r", "40", pdf, directory.path + "/paper"])
        if let gallery = Self.gallery {
            _ = try ChildProcess.output(of: ["pdftoppm", "-r", "80", "-png", pdf, "\(gallery)/\(name)"])
        }
        let pages = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasSuffix(".ppm") }
        return Paper(
            text: try ChildProcess.output(of: ["pdftotext", pdf, "-"]),
            pages: try pages.map { Array(try directory.read($0).suffix(from: 15)) })
    }

    private func run(_ arguments: String..., dark: Bool, on name: String) throws -> String {
        guard let path = Self.path else { throw Missing() }
        return try ChildProcess.output(
            of: [
                path, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
                "--user-data-dir=\(directory.path)/profile", "--blink-settings=preferredColorScheme=\(dark ? 0 : 1)",
            ] + arguments + ["file://\(directory.path)/\(name)"])
    }

    struct Missing: Error, CustomStringConvertible {
        var description: String { "there is no chromium here: make deps" }
    }

    /// A window narrower than 500 pixels is refused, so the page goes into a frame of the size that is wanted.
    private static func frame(_ page: String, width: Int, height: Int) -> String {
        let escaped = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        return """
            <!DOCTYPE html><html style="color-scheme:light dark"><body style="margin:0"><pre id="measured"></pre>
            <iframe width="\(width)" height="\(height)" style="border:0;display:block;position:absolute;top:0;left:0"
            srcdoc="\(escaped)"></iframe><script>
            document.querySelector('iframe').onload = event => {
              const result = (\(script))(event.target.contentDocument, event.target.contentWindow);
              const text = btoa(unescape(encodeURIComponent(JSON.stringify(result))));
              document.getElementById('measured').textContent = 'MEASURED:' + text + ':END';
            };
            </script></body></html>
            """
    }

    private static let script = """
        (page, view) => {
          const box = element => element.getBoundingClientRect();
          const name = element => element.tagName + '.' + (element.getAttribute('class') || '') + ' '
            + element.textContent.slice(0, 60);
          const parse = colour => (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
          const light = colour => {
            const [r, g, b] = parse(colour).map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          const ground = element => {
            for (let e = element; e; e = e.parentElement) {
              const colour = view.getComputedStyle(e).backgroundColor, parts = parse(colour);
              if (parts.length < 4 || parts[3] > 0) return colour;
            }
            return 'rgb(255,255,255)';
          };
          const faint = [], sticking = [], tiny = [];
          const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const element = walk.currentNode.parentElement, style = view.getComputedStyle(element);
            if (!walk.currentNode.data.trim() || !element.getClientRects().length) continue;
            if (element.closest('caption, desc') || element.localName == 'title') continue;
            const ink = element.closest('svg') ? style.fill : style.color;
            const [a, b] = [light(ink), light(ground(element))].sort((x, y) => y - x);
            if ((a + .05) / (b + .05) < 4.5) faint.push(name(element) + ' ' + (a + .05) / (b + .05));
            if (parseFloat(style.fontSize) < 11) tiny.push(name(element));
          }
          for (const element of page.body.querySelectorAll('*')) {
            if (element.closest('caption') || !element.getClientRects().length) continue;
            const edge = element.closest('svg') && element.localName != 'svg' ? box(element.closest('svg')) : null;
            const limit = edge ? edge.right + 4 : view.innerWidth;
            if (box(element).right > limit + .5 || box(element).left < -.5) sticking.push(name(element));
          }
          const verdict = box(page.querySelector('.verdict')), headline = box(page.querySelector('.headline'));
          return {
            width: view.innerWidth, scrollWidth: page.scrollingElement.scrollWidth,
            height: Math.ceil(page.scrollingElement.scrollHeight),
            verdictBottom: Math.max(verdict.bottom, headline.bottom), verdictTop: verdict.top,
            pictures: [...page.querySelectorAll('svg')].map(e => [box(e).width, box(e).height]),
            marks: [...page.querySelectorAll('svg rect, svg circle')].map(e => [box(e).width, box(e).height]),
            headings: [...page.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => Number(e.localName[1])),
            scripts: page.scripts.length, loaded: view.performance.getEntriesByType('resource').length,
            background: view.getComputedStyle(page.body).backgroundColor, faint, sticking, tiny,
            text: page.body.innerText
          };
        }
        """
}

/// What a page looks like in a window.
struct Look: Decodable {
    var width: Double
    var scrollWidth: Double
    var height: Int
    var verdictTop: Double
    var verdictBottom: Double
    /// Width and height of each.
    var pictures: [[Double]]
    var marks: [[Double]]
    var headings: [Int]
    var scripts: Int
    var loaded: Int
    var background: String
    /// Text below WCAG's contrast for level AA.
    var faint: [String]
    /// What reaches beyond the window, or is cut off by its picture.
    var sticking: [String]
    /// Text of less than 11 pixels.
    var tiny: [String]
    var text: String
}

/// A printed page.
struct Paper {
    var text: String
    /// Red, green and blue of each page's points.
    var pages: [[UInt8]]

    /// The share of points that are white, over all pages, and the largest difference between the parts of a point's
    /// colour: 0 is grey.
    var ink: (white: Double, colour: Int) {
        var (points, white, colour) = (0, 0, 0)
        for page in pages {
            var place = 0
            while place + 2 < page.count {
                let (red, green, blue) = (Int(page[place]), Int(page[place + 1]), Int(page[place + 2]))
                colour = max(colour, max(red, green, blue) - min(red, green, blue))
                if min(red, green, blue) > 250 { white += 1 }
                points += 1
                place += 3
            }
        }
        return (Double(white) / Double(max(1, points)), colour)
    }

    /// The text without its line breaks.
    var words: String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
