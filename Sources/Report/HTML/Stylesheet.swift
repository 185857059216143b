/// How the page looks on a phone, on a desk, in the dark and on paper.
///
/// The page's Content-Security-Policy allows this text and no other style, by its hash: whoever changes a character
/// here is told the new hash by a test.
enum Stylesheet {
    /// SHA-256 in base64 of `text`.
    static let hash = "78RLKqPX4a4mqDi1lMqzT7apwGrnXeQFkvDlVvQtwf4="

    static let text: Markup = """
        :root{color-scheme:light dark;--ground:#fff;--ink:#1b1d21;--quiet:#585e67;--line:#d5d9df;--wash:#f4f5f7;
        --bad:#b3261e;--warn:#8a5700;--good:#1a6b36;--mid:#5f6b7a;--on:#fff}
        @media screen and (prefers-color-scheme:dark){:root{--ground:#14161a;--ink:#e7e6e3;--quiet:#a4abb5;
        --line:#363b43;--wash:#1d2026;--bad:#ff8a7d;--warn:#f0b65a;--good:#74cf92;--mid:#95a1af;--on:#14161a}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--ground);color:var(--ink);overflow-wrap:anywhere;
        font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
        main{max-width:50rem;margin:0 auto;padding:1rem 1rem 2rem}
        code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Roboto Mono","DejaVu Sans Mono",monospace}
        code{font-size:.85em}
        time,.whole{white-space:nowrap}
        .path{display:inline-block;max-width:100%}
        bdi,code,dd,td{unicode-bidi:isolate}
        h1,h2,h3,p,dl,table,figure{margin:0}
        .quiet,figcaption,dt,thead th{color:var(--quiet)}
        .small,figcaption,dt,thead th{font-size:.8125rem;font-weight:400}

        header{border-left:.375rem solid var(--bad);padding:0 0 0 .875rem}
        header.healthy{border-color:var(--good)}
        header.undetermined{border-color:var(--warn)}
        h1{font-size:1rem;font-weight:400;line-height:1.5}
        .verdict{display:inline-block;margin:0 .375rem 0 0;padding:0 .5rem;border:1px solid var(--bad);
        border-radius:.25rem;background:var(--bad);color:var(--on);font-weight:700;letter-spacing:.02em;
        text-transform:uppercase}
        .healthy .verdict{border-color:var(--good);background:var(--good)}
        .undetermined .verdict{border-color:var(--warn);background:var(--warn)}
        .headline{margin:.375rem 0 0;font-size:1.375rem;font-weight:650;line-height:1.3}
        .figures{display:grid;grid-template-columns:repeat(2,1fr);gap:.75rem 1rem;margin:1.25rem 0 0}
        .figures dd{margin:0;font-size:1.0625rem;font-weight:600;line-height:1.35;font-variant-numeric:tabular-nums}
        .figures .small{display:block;font-weight:400}

        section{margin:2rem 0 0}
        h2{margin:0 0 .75rem;padding:0 0 .25rem;border-bottom:1px solid var(--line);font-size:1.125rem;line-height:1.3}
        h3{font-size:1rem;line-height:1.4}
        article{margin:0 0 1.25rem;padding:0 0 0 .75rem;border-left:.1875rem solid var(--mid)}
        article:last-child{margin-bottom:0}
        article p{margin:.125rem 0 0}
        article p+p{margin-top:.375rem}
        .root article{border-color:var(--bad)}
        .origin article{border-color:var(--warn)}
        .facts{margin:.625rem 0 0;font-size:.875rem;line-height:1.45}
        .facts div{display:flow-root}
        .facts dd{margin:0 0 .375rem}
        .facts dt{line-height:1.5}
        .facts dt code{color:var(--quiet)}

        figure{margin:.75rem 0 1rem}
        svg{display:block;width:100%;font-size:12px;fill:var(--ink);overflow:hidden}
        svg.chart{overflow:visible}
        .chart rect{shape-rendering:crispEdges}
        .chart text,.tree text{font-variant-numeric:tabular-nums}
        svg .quiet{fill:var(--quiet)}
        svg .bad{fill:var(--bad)}
        svg .warn{fill:var(--warn)}
        svg .good{fill:var(--good)}
        svg .mid{fill:var(--mid)}
        svg .name{font-size:13px;font-weight:650}
        svg .mono{font-size:11px}
        svg .line{fill:none;stroke:var(--line);stroke-width:1}
        svg .branch{fill:none;stroke:var(--mid);stroke-width:1;shape-rendering:crispEdges}
        svg .span{fill:none;stroke:var(--mid);stroke-width:5;stroke-linecap:round}
        svg .span.bad{stroke:var(--bad)}
        svg .span.warn{stroke:var(--warn)}
        svg .open{fill:var(--ground);stroke:var(--mid);stroke-width:1.5}
        svg .none{stroke-dasharray:2 2}
        svg .wide{display:none}

        table{width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.45}
        th,td{padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th:last-child,td:last-child{padding-right:0}
        tbody th{font-weight:400}
        .number{text-align:right;white-space:nowrap;overflow-wrap:normal;font-variant-numeric:tabular-nums}
        .key{width:32%;color:var(--quiet)}
        .id{width:38%}
        .id code{display:block}
        .mark{border-left:.375rem solid var(--mid);padding-left:.5rem;width:1%}
        .mark.bad{border-left-color:var(--bad)}
        .mark.warn{border-left-color:var(--warn)}
        td code{display:block;margin:.125rem 0 0}
        .tag{font-weight:650}
        b.bad{color:var(--bad)}
        b.good{color:var(--good)}
        b.warn{color:var(--warn)}
        caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .gone{color:var(--bad);font-weight:700}
        footer{margin:1.5rem 0 0;color:var(--quiet);font-size:.8125rem}

        @media (min-width:40rem){
        main{padding:2rem 1.5rem 3rem}
        .headline{font-size:1.625rem}
        .figures{grid-template-columns:repeat(4,auto)}
        .facts dt{float:left;width:13rem}
        .facts dd{margin-left:14rem}
        .facts dt code{display:block}
        .id{width:30%}
        .key{width:20%}
        svg .wide{display:inline}
        svg .narrow{display:none}
        }

        @page{margin:15mm 14mm}
        @media print{
        :root{color-scheme:light;--ground:#fff;--ink:#000;--quiet:#333;--line:#999;--wash:#fff;--bad:#000;--warn:#777;
        --good:#000;--mid:#555;--on:#000}
        html{font-size:13px}
        main{max-width:none;padding:0}
        .verdict{background:none!important;border-width:2px}
        svg .warn.tag,b.warn{fill:#000;color:#000}
        h2,h3,section>p{break-after:avoid}
        header,article,figure,tr,dl,.short{break-inside:avoid}
        thead{display:table-header-group}
        section{margin-top:1.25rem}
        }
        """
}
