/** Colors keep a contrast of 4.5:1 and more in both modes (WCAG 2.2, 1.4.3). No font, image or script from anywhere. */
export const style = `
:root { color-scheme: light dark;
  --paper: #fff; --raised: #f5f6f8; --ink: #1b1f27; --soft: #555e6d; --line: #d4d8df; --accent: #0b5cad;
  --critical: #a30d2d; --high: #b3400a; --medium: #7a5b00; --low: #1f6370; --info: #555e6d; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14171c; --raised: #1d2229; --ink: #e8ebf0; --soft: #a4adbb; --line: #39414d; --accent: #7db8f5;
  --critical: #ff7d92; --high: #ffa071; --medium: #e6c252; --low: #74c6d4; --info: #a4adbb; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
/* Names out of evidence have no blanks where a line could break. */
main { overflow-wrap: anywhere; max-width: 68rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
h3 { font-size: 1.1rem; margin: 0; line-height: 1.3; }
h4 { font-size: .85rem; margin: 1.4rem 0 .4rem; color: var(--soft); font-weight: 600; }
p { margin: .4rem 0; }
code, .place { font: .85em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
a { color: var(--accent); }
.soft { color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0; }
.card { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; }
.card b { display: block; font-size: 1.5rem; line-height: 1.2; }
.incident { border: 1px solid var(--line); border-left: 5px solid var(--mark); border-radius: 6px; padding: 1rem 1.25rem 1.25rem; margin: 1rem 0 1.75rem; }
.critical { --mark: var(--critical); } .high { --mark: var(--high); } .medium { --mark: var(--medium); }
.low { --mark: var(--low); } .info { --mark: var(--info); }
.severity { color: var(--mark); font-weight: 700; text-transform: uppercase; font-size: .8rem; letter-spacing: .03em; }
.chips { display: flex; flex-wrap: wrap; gap: .35rem; list-style: none; padding: 0; margin: .5rem 0; }
.chips li { border: 1px solid var(--line); border-radius: 4px; padding: .05rem .45rem; font-size: .85rem; overflow-wrap: anywhere; }
.chips small { color: var(--soft); }
ol.story { list-style: none; margin: 0; padding: 0; border-left: 2px solid var(--line); }
ol.story li { padding: .2rem 0 .2rem 1rem; position: relative; }
ol.story li::before { content: ""; position: absolute; left: -6px; top: .75rem; width: 10px; height: 10px; border-radius: 50%; background: var(--mark); }
ol.story time { font: .85em ui-monospace, monospace; color: var(--soft); margin-right: .6rem; white-space: nowrap; }
ol.todo { margin: 0; padding-left: 1.4rem; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; white-space: nowrap; }
td:first-child { min-width: 7rem; } details td:first-child { min-width: 12rem; }
.wide { overflow-x: auto; } .wide > svg { min-width: 46rem; }
details { border-top: 1px solid var(--line); padding: .45rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
details[open] > summary { margin-bottom: .4rem; font-weight: 600; }
details > div { padding-left: 1rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 26rem)); gap: 1rem 2rem; margin: .75rem 0; }
figure { margin: 0; } figcaption { font-size: .82rem; color: var(--soft); margin-bottom: .2rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg text.strong { fill: var(--ink); }
svg .bar { fill: var(--accent); } svg .axis { stroke: var(--line); } svg .edge { stroke: var(--soft); stroke-opacity: .55; fill: none; }
svg .mark { fill: var(--mark); } svg .node { fill: var(--raised); stroke: var(--line); } svg .claim { stroke: var(--mark); fill: var(--paper); stroke-width: 2; }
.meter { display: flex; height: 10px; border-radius: 5px; overflow: hidden; background: var(--raised); border: 1px solid var(--line); margin: .5rem 0; }
.meter span { background: var(--mark); border-right: 1px solid var(--paper); }
@media print { .wide > svg { min-width: 0; } details > div { display: block; } .incident { break-inside: avoid-page; } main { max-width: none; } }
`;
