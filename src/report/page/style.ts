// How the page looks: light and dark, on paper, on a narrow screen. One style element whose digest is
// in the page's content security policy, so that nothing else can bring styles or scripts along.

export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--ink:#1b1f27;--soft:#525a67;--line:#d9dde3;--ground:#f5f6f8;
--open:#d55e00;--refused:#0072b2;--silent:#737b87;--visit:#8a3a78;--ports:#2f4b7c;--hatch:#b3261e;
--openbg:#fdf1e8;--link:#0b57a4}
@media (prefers-color-scheme:dark){:root{--bg:#14171c;--ink:#e8eaee;--soft:#a9b1bd;--line:#343a44;
--ground:#1d2128;--open:#ff9a4d;--refused:#56b4e9;--silent:#8d96a3;--visit:#e29bd0;--ports:#9db8ea;
--hatch:#ff8a80;--openbg:#33261b;--link:#8ec5ff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:28px 24px 48px}
h1{font-size:28px;line-height:1.25;margin:0 0 8px;max-width:34em;letter-spacing:-.01em;
overflow-wrap:anywhere}
h2{font-size:18px;margin:40px 0 4px}
h3{font-size:13px;font-weight:400;margin:0 0 4px;overflow-wrap:anywhere}
p{margin:0 0 10px;max-width:52em}
.soft,.sub,caption,dt{color:var(--soft)}
.sub{overflow-wrap:anywhere}
a{color:var(--link);text-decoration:none}
a:hover,a:focus-visible,.first a,h3 a{text-decoration:underline;text-underline-offset:3px}
svg{display:block;overflow:visible}
svg text{font-family:inherit}
.defs{position:absolute}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:22px 0 0;
padding:0;list-style:none}
.tiles li{background:var(--ground);border-radius:8px;padding:12px 14px;border-left:4px solid var(--line)}
.tiles b{display:block;font-size:26px;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles span{font-size:13px;color:var(--soft)}
.tiles .t-open{border-color:var(--open)}
.tiles .t-visit{border-color:var(--visit)}
.tiles .t-blind{border-color:var(--hatch)}
.first{list-style:none;margin:8px 0 0;padding:0}
.first li{display:grid;grid-template-columns:76px 1fr;gap:12px;padding:8px 0;
border-top:1px solid var(--line);overflow-wrap:anywhere}
.first b{font-size:12px;line-height:18px;height:22px;text-align:center;border:2px solid;
border-radius:11px;align-self:start}
.first .k-open,.first .k-ours{border-color:var(--open)}.first .k-visit{border-color:var(--visit)}
.first .k-blind,.first .k-withheld{border-color:var(--hatch)}
.first .k-misuse,.first .k-flood{border-color:var(--silent)}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:4px 0 10px;padding:0;list-style:none;
font-size:13px;color:var(--soft)}
.legend svg{display:inline-block;vertical-align:-2px;margin-right:5px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600}
thead th{font-size:13px;color:var(--soft);border-bottom:1px solid var(--line);padding:4px 8px;
vertical-align:bottom}
.data td,.data tbody th{border-bottom:1px solid var(--line);padding:6px 8px;vertical-align:top}
.data tbody th{font-weight:400}
.data .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.data .t{white-space:nowrap;font-variant-numeric:tabular-nums}
.data td,.data th{overflow-wrap:break-word}
.data tr.r-open{background:var(--openbg)}
.data tr:target,li:target{outline:2px solid var(--link);outline-offset:-2px}
.data button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
.data [aria-sort=ascending] button:after{content:" \\2191"}
.data [aria-sort=descending] button:after{content:" \\2193"}
.data th svg{display:inline-block;vertical-align:-2px}
details{margin-top:2px}
summary{cursor:pointer;color:var(--soft);font-size:13px}
details ul{margin:2px 0 0;padding-left:18px;font-size:13px}
.when thead th{border:0}.when thead th:first-child{padding-left:0}
.when th[scope=row]{font-weight:400;white-space:nowrap;padding:0 10px 0 0;width:1%;max-width:300px;
overflow:hidden;text-overflow:ellipsis;font-variant-numeric:tabular-nums}
.when td{padding:0}
.when td:last-child{width:1%;min-width:130px;white-space:nowrap;padding-left:10px;font-size:13px;
color:var(--soft);max-width:230px;overflow:hidden;text-overflow:ellipsis}
.when td svg,.tried td svg{overflow:hidden}
.when .axis td{padding-top:2px}
.when .others th{color:var(--soft);font-size:13px;vertical-align:top;padding-top:8px}
.when .others td{padding-top:8px}
.tried td{padding:0 0 0 6px}.tried td:first-child{width:50px;padding:0}
.small{display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));gap:18px;margin:10px 0 0}
figure{margin:0;min-width:0}
figcaption{display:flex;justify-content:space-between;font-size:12px;color:var(--soft);margin-top:3px}
.ports td,.ports tbody th{padding:3px 8px;font-weight:400}.ports td:last-child{width:70%}
.ground{fill:var(--ground)}.grid{stroke:var(--line)}.bar{fill:var(--ports)}
svg .soft{fill:var(--soft)}svg .ink{fill:var(--ink)}
svg .open{fill:var(--open)}svg .refused{fill:var(--refused)}svg .silent,svg .unknown{fill:var(--silent)}
svg .visit{fill:var(--visit)}svg .ports{fill:var(--ports)}
.s-open{stroke:var(--open)}.s-refused{stroke:var(--refused)}.s-silent{stroke:var(--silent)}
.s-visit{stroke:var(--visit)}.s-ports{stroke:var(--ports)}
.hatchmark{fill:var(--hatch)}
.tops use,.when use{stroke:var(--bg);stroke-width:.8px}
.filter{margin:6px 0;font-size:13px;color:var(--soft)}
.filter label{margin-right:14px}
section:has(#only-found:checked) .data tbody tr:not(.r-open){display:none}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:8px 0;font-size:14px}
dd{margin:0;overflow-wrap:anywhere}
code{font:13px ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
@media (max-width:720px){
main{padding:18px 14px 36px}h1{font-size:22px}.odd{display:none}
.tiles{grid-template-columns:repeat(2,1fr)}
.first li{grid-template-columns:1fr;gap:4px}.first b{width:76px}
.when thead{display:none}.when,.when tbody{display:block}
.when tr{display:grid;grid-template-columns:auto 1fr}
.when tr td:nth-child(2){grid-row:2;grid-column:1/3}
.when th[scope=row]{width:auto;font-size:13px;padding-top:3px}
.when td:last-child{width:auto;max-width:none;text-align:right;min-width:0}
.data thead{display:none}.data,.data tbody,.data tr,.data tbody th{display:block}
.data td{display:inline-block;max-width:100%}
.data tr{padding:8px 0;border-bottom:1px solid var(--line)}
.data td,.data tbody th{border:0;padding:1px 8px}.data .n{text-align:left}
.data td:empty{display:none}
.data td:before{color:var(--soft)}
dl{grid-template-columns:1fr;gap:0}dt{margin-top:6px}
}
@media print{
:root{color-scheme:light;--bg:#fff;--ink:#000;--soft:#444;--line:#bbb;--ground:#f2f3f5;--open:#d55e00;
--refused:#0072b2;--silent:#6b7380;--visit:#8a3a78;--ports:#2f4b7c;--hatch:#b3261e;--openbg:#fdf1e8;
--link:#000}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{max-width:none;padding:0}body{font-size:11pt}
h2{break-after:avoid}figure,.first li,.when tr,.data tr,.tiles li{break-inside:avoid}
.filter,.data button:after{display:none}
}
`;
