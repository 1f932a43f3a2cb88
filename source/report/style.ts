// The look of report.html, light, dark and on paper.
export const style = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#5b6675;--line:#dfe3e9;--accent:#2563c9;
--ok:#1a7f4b;--ok-soft:#e4f4eb;--warn:#96650a;--warn-soft:#fbf1db;--bad:#b3261e;--bad-soft:#fbe7e5;--already:#8fb3e8;--rest:#e6e9ee}
@media(prefers-color-scheme:dark){:root{--page:#12161c;--card:#1b212a;--ink:#e6eaf0;--soft:#98a3b3;--line:#2e3743;--accent:#6ea3f5;
--ok:#5fce93;--ok-soft:#16301f;--warn:#e6b552;--warn-soft:#33280f;--bad:#f28b82;--bad-soft:#3a1a18;--already:#41628f;--rest:#2a323d}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 24px 64px}
header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 24px;color:var(--soft);margin-bottom:16px}
header b{color:var(--ink)}
h1{font-size:27px;line-height:1.25;margin:0;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:18px;margin:40px 0 12px}
h3{font-size:15px;margin:0 0 12px}
p{margin:6px 0}
ul{margin:6px 0;padding-left:20px}
.verdict{border-radius:12px;padding:24px 28px;background:var(--card);border:1px solid var(--line);border-left:8px solid var(--soft)}
.verdict.ok{border-left-color:var(--ok);background:var(--ok-soft)}
.verdict.fail{border-left-color:var(--bad);background:var(--bad-soft)}
.verdict.warn{border-left-color:var(--warn);background:var(--warn-soft)}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:16px 0}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 18px}
.tile b{display:block;font-size:24px;line-height:1.3;font-variant-numeric:tabular-nums}
.tile.bad b{color:var(--bad)}
.tile span,.soft{color:var(--soft)}
.card{margin:12px 0;padding:18px 20px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line);padding:6px 12px 6px 0;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:7px 12px 7px 0;vertical-align:top;overflow-wrap:break-word}
tr:last-child td{border-bottom:0}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
.state{display:inline-block;border-radius:99px;padding:0 10px;font-size:13px;background:var(--rest);white-space:nowrap}
.state.good{background:var(--ok-soft);color:var(--ok)}
.state.bad{background:var(--bad-soft);color:var(--bad)}
.state.warn{background:var(--warn-soft);color:var(--warn)}
.bad-text{color:var(--bad)}
.left-out td{color:var(--soft)}
details{margin:8px 0}
summary{cursor:pointer;font-weight:600;padding:4px 0}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--soft);font-size:12px;font-family:inherit}
.axis{stroke:var(--line)}
.area{fill:var(--accent);opacity:.22}
.curve{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
.copied{fill:var(--accent)}.already{fill:var(--already)}.lost{fill:var(--bad)}.rest{fill:var(--rest)}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;color:var(--soft);font-size:13px;margin:10px 0 0;padding:0;list-style:none}
.legend i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px}
.legend .copied{background:var(--accent)}.legend .already{background:var(--already)}.legend .lost{background:var(--bad)}.legend .rest{background:var(--rest)}
footer{margin-top:40px;color:var(--soft);font-size:13px}
@media(max-width:720px){main{padding:16px}.tiles{grid-template-columns:repeat(2,1fr)}h1{font-size:22px}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#2563c9;--ok:#1a7f4b;--ok-soft:#fff;
--warn:#96650a;--warn-soft:#fff;--bad:#b3261e;--bad-soft:#fff;--already:#8fb3e8;--rest:#e6e9ee}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:11px}main{max-width:none;padding:0}.card,.tile,.verdict,tr,svg{break-inside:avoid}h2,h3{break-after:avoid}
thead{display:table-header-group}.scroll{overflow:visible}}
`;
