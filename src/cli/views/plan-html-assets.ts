/** The page's only style and script. Both are named in its policy by their hash, so a changed page runs neither. */
export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
.tiles { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0; }
.tile { border: 1px solid #8884; border-radius: .5rem; padding: .75rem 1.25rem; }
.tile b { display: block; font-size: 2rem; font-variant-numeric: tabular-nums; }
.blocked, tr.blocked td:first-child, .tile.rejected b { color: #c62828; font-weight: bold; }
.tile.held b, .tile.conflict b, tr.held td:first-child, tr.conflict td:first-child { color: #a25b00; font-weight: bold; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884; overflow-wrap: break-word; max-width: 30rem; }
th { position: sticky; top: 0; background: Canvas; }
th button { all: unset; cursor: pointer; font-weight: bold; }
th button:focus-visible { outline: 2px solid; }
th[aria-sort=ascending] button::after { content: " \\2191"; }
th[aria-sort=descending] button::after { content: " \\2193"; }
.up { color: #2e7d32; } .down { color: #c62828; }
input[type=search] { font: inherit; padding: .4rem .6rem; width: 20rem; max-width: 100%; }
footer { font-size: .8rem; opacity: .7; overflow-wrap: anywhere; }
@media print { input, #found { display: none; } }
`

export const SCRIPT = `
const table = document.getElementById('changes')
if (table) {
  const body = table.tBodies[0]
  const rows = [...body.rows].map((row) => ({ row, text: row.textContent.toLowerCase() }))
  const search = document.getElementById('search')
  const found = document.getElementById('found')
  search.addEventListener('input', () => {
    const wanted = search.value.toLowerCase()
    let shown = 0
    for (const { row, text } of rows) {
      row.hidden = !text.includes(wanted)
      if (!row.hidden) shown += 1
    }
    found.textContent = wanted ? shown + ' of ' + rows.length : ''
  })
  const collator = new Intl.Collator(undefined, { numeric: true })
  const valueOf = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent
  const heads = [...table.tHead.rows[0].cells]
  heads.forEach((head, column) => head.addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') === 'ascending'
    const numbers = rows.some(({ row }) => row.cells[column].dataset.sort !== undefined)
    for (const other of heads) other.removeAttribute('aria-sort')
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
    const compare = (a, b) => numbers ? (Number(a) || 0) - (Number(b) || 0) : collator.compare(a, b)
    rows.sort((a, b) => (down ? -1 : 1) * compare(valueOf(a.row, column), valueOf(b.row, column)))
    body.append(...rows.map(({ row }) => row))
  }))
}
`
