/** The page's only style, which its policy names by its hash. */
export const RECONCILE_STYLE = `
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff; }
body { max-width: 76rem; margin: 2.5rem auto; padding: 0 1.5rem; }
.kicker { margin: 0; color: #5a6675; letter-spacing: .04em; text-transform: uppercase; font-size: .8rem; font-weight: 600; }
h1 { margin: .1rem 0 .3rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 .4rem; font-size: 1.25rem; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.verdict { padding: .8rem 1.1rem; border-left: .4rem solid; border-radius: .2rem; font-size: 1.05rem; }
.equal { border-color: #1b7f3b; background: #e9f6ed; }
.verdict.differs { border-color: #b3261e; background: #fcebea; }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: .8rem; padding: 0; margin: 1.4rem 0; list-style: none; }
.tiles li { border: 1px solid #d5dbe3; border-radius: .4rem; padding: .6rem .9rem; color: #5a6675; font-size: .85rem; }
.tiles b { display: block; font-size: 1.6rem; line-height: 1.3; color: #1c2430; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: #5a6675; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #e3e8ee; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #aab4c0; white-space: nowrap; }
tbody th { font-weight: 500; }
tbody th, td:first-child { overflow-wrap: normal; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.alarm, tr.differs td:last-child { color: #b3261e; font-weight: 700; }
svg { display: block; margin-top: .15rem; width: 100%; min-width: 5rem; max-width: 10rem; height: 1.05rem; }
rect.old { fill: #8794a5; } rect.new { fill: #1f5fbf; }
.sign { margin-top: 2.5rem; border: 1px solid #aab4c0; border-radius: .4rem; padding: .3rem 1.4rem 1.4rem; break-inside: avoid; }
.choices { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem 2rem; }
.choices li::before { content: ""; display: inline-block; width: .95em; height: .95em; border: 1.5px solid #1c2430; margin-right: .5em; vertical-align: -.12em; }
dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: 1.6rem 1rem; margin: 1.8rem 0 0; }
dt { align-self: end; } dd { margin: 0; border-bottom: 1px solid #1c2430; height: 2rem; }
footer { margin-top: 1.5rem; color: #5a6675; font-size: .8rem; }
footer p { margin: .2rem 0; } code { overflow-wrap: anywhere; }
@media screen and (max-width: 50rem) { .tiles { grid-template-columns: repeat(2, 1fr); } dl { grid-template-columns: max-content 1fr; } }
@media print {
  @page { margin: 14mm; }
  :root { font-size: 11px; } body { margin: 0; padding: 0; max-width: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  th, td { padding: .2rem .35rem; } svg { min-width: 4rem; }
  thead { display: table-header-group; } tr { break-inside: avoid; } h2 { break-after: avoid; }
}
`
