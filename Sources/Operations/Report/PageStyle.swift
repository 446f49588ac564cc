/// The style sheet of every page; colors are tokens with a light and a dark value.
enum PageStyle {
  static let css = """

    :root{--page:#f7f7f5;--card:#fff;--ink:#1b1c1d;--muted:#5b5f64;--rule:#e3e4e2;--code:#f0f1ee;
    --c1:#2a6fbb;--c2:#d9730d;--c3:#2d8a57;--c4:#8250c4;--c5:#c4314b;--c6:#6b7280;--good:#1f7a47;--bad:#b3261e;
    --chosen:#eaf2fb}
    @media (prefers-color-scheme:dark){:root{--page:#141517;--card:#1d1f22;--ink:#e9eaeb;--muted:#a8adb3;
    --rule:#34373b;--code:#26292d;--c1:#6aa9ea;--c2:#f0a04b;--c3:#62c08d;--c4:#b592ea;--c5:#f07a8c;--c6:#9aa0a6;
    --good:#62c08d;--bad:#f28b82;--chosen:#22303f}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
    "Helvetica Neue",Arial,sans-serif}
    main{max-width:1480px;margin:0 auto;padding:32px 24px 64px}
    h1{font-size:26px;line-height:1.3;margin:0 0 20px;font-weight:650;letter-spacing:-.01em;max-width:70ch;
    text-wrap:pretty;overflow-wrap:anywhere}
    h2{font-size:19px;margin:40px 0 12px;font-weight:650}
    h3{font-size:15px;margin:0;font-weight:650}
    p{margin:0 0 8px}
    p,h2,summary{overflow-wrap:anywhere}
    .kicker{color:var(--muted);margin-bottom:6px;overflow-wrap:anywhere}
    .small{color:var(--muted);font-size:13px}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:12px}
    .tiles div,figure,.wide,dl{background:var(--card);border:1px solid var(--rule);border-radius:10px}
    .tiles div{padding:12px 14px}
    .tiles p{margin:0;color:var(--muted);font-size:13px}
    .tiles b{display:block;font-size:24px;font-weight:650;line-height:1.35;font-variant-numeric:tabular-nums}
    .tiles+ul,.tiles+.gallery{margin-top:14px}
    .good b{color:var(--good)} .bad b{color:var(--bad)}
    .plots{display:grid;grid-template-columns:1fr;gap:14px}
    figure{margin:0 0 14px;padding:14px 16px 10px;min-width:0} .plots figure{margin:0}
    figcaption p{color:var(--muted);font-size:13px;margin:0}
    .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(190px,44%),1fr));gap:14px}
    .gallery figure{margin:0;padding:10px} .gallery h3{margin-top:8px;overflow-wrap:anywhere}
    .gallery figcaption p{overflow-wrap:anywhere}
    .gallery img,.nopicture{display:block;width:100%;height:170px;object-fit:contain;background:var(--code);
    border-radius:6px}
    .legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:13px;margin:4px 0 6px}
    .legend i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px;background:var(--c)}
    .legend .dash{height:0;border-top:2px dashed var(--c);border-radius:0;background:none;width:16px;
    vertical-align:middle}
    .legend .band{opacity:.3}
    svg{display:none;width:100%;height:auto;margin:0 auto} svg.small{display:block;max-width:420px} svg.medium{max-width:800px}
    svg text{fill:var(--muted);font-variant-numeric:tabular-nums}
    .end{text-anchor:end} .mid{text-anchor:middle}
    svg .strong{fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:4px}
    .grid{stroke:var(--rule);stroke-width:1}
    .limit{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:5 4}
    .leader{stroke:var(--muted);stroke-width:1}
    .c0{--c:var(--ink)} .c1{--c:var(--c1)} .c2{--c:var(--c2)} .c3{--c:var(--c3)} .c4{--c:var(--c4)}
    .c5{--c:var(--c5)} .c6{--c:var(--c6)}
    .line{fill:none;stroke:var(--c);stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
    .dashed{stroke-dasharray:6 4} .area{fill:var(--c);opacity:.16} svg .band{fill:var(--c);opacity:.3}
    .bar,.cell{fill:var(--c)}
    .front{fill:none;stroke:var(--muted);stroke-width:1.5}
    .dot{fill:var(--c);stroke:var(--card);stroke-width:1}
    .ring{fill:none;stroke:var(--ink);stroke-width:2}
    .tip{fill:transparent} .tip:hover{fill:var(--ink);opacity:.08}
    .wide{overflow-x:auto;margin:0 0 12px}
    table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
    th,td{padding:6px 8px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--rule)}
    th{color:var(--muted);font-weight:600} tr:last-child td{border-bottom:0}
    .text{text-align:left;white-space:normal;min-width:7em} .chosen td{background:var(--chosen);font-weight:650}
    pre{background:var(--code);border:1px solid var(--rule);border-radius:10px;padding:12px 14px;overflow-x:auto;
    font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin:0 0 12px}
    ul{margin:0 0 8px;padding-left:20px} li{overflow-wrap:anywhere}
    details{margin:0 0 14px} summary{cursor:pointer;padding:6px 0;font-weight:600}
    dl{display:grid;grid-template-columns:1fr;gap:0 20px;padding:12px 16px;margin:0 0 10px}
    dt{color:var(--muted)} dd{margin:0 0 6px;overflow-wrap:anywhere}
    @media (max-width:639px){main{padding:20px 12px 40px} h1{font-size:20px}
    .tiles{grid-template-columns:1fr 1fr} .tiles b{font-size:20px}}
    @media (min-width:640px){svg.small{display:none} svg.medium{display:block}
    dl{grid-template-columns:max-content 1fr;gap:4px 20px} dd{margin:0}}
    @media (min-width:1200px){.plots{grid-template-columns:1fr 1fr} svg.wideplot{display:none}
    svg.large{display:block}}
    @media print{body{background:#fff}}

    """
}
