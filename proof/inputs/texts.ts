import { fileOf, type Input, RIGHT, today } from './goods.ts'

const withName = (name: string): string =>
  fileOf(today({ 'G-01': { name: /[",\n\r]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name } }))

/** Text is data: it reaches the store as it stands in the file. */
const kept = (title: string, name: string): Input => ({
  title,
  file: withName(name),
  says: '',
  writes: { 'G-01': { name }, ...RIGHT },
})
const left = (title: string, name: string, reason: string): Input => ({
  title,
  file: withName(name),
  says: `2 Name: ${reason}`,
  writes: RIGHT,
})
const untouched = (title: string, name: string): Input => ({ title, file: withName(name), says: '', writes: RIGHT })

export const TEXTS: readonly Input[] = [
  kept('D34: a script for a name', '<script>alert(1)</script>'),
  kept('D34: a picture with a script', '<img src=x onerror="alert(1)">'),
  kept('D34: entities', '&lt;b&gt; &amp; &#34;'),
  kept('D30: a formula for a name', '=HYPERLINK("http://example.com","Mug")'),
  kept('D30: a name that begins with a plus', '+49 mug'),
  kept('D30: a name that begins with an at', '@SUM(A1)'),
  kept('S8: SQL for a name', "'); DROP TABLE products; --"),
  kept('S21: __proto__ for a name', '__proto__'),
  kept('S28: a template for a name', `${'$'}{process.env.HOME} {{7*7}} <%= 1 %>`),
  kept('S33: line endings for a name', 'Mug\r\nX-Auth-Token: stolen'),
  kept('D27: an emoji for a name', 'Mug \u{1f600}'),
  kept('D27: letters that look alike', 'M\u0443g'),
  kept('D27: a direction for a name', 'Mug \u202egum'),
  kept('D27: right to left', '\u05e1\u05e4\u05dc'),
  kept('D26: a name in composed letters', 'Caf\u00e9'),
  kept('D26: a name in decomposed letters', 'Cafe\u0301'),
  kept('D25: a no-break space in a name', 'Mug\u00a01'),
  kept('D29: a name of 250 characters', 'x'.repeat(250)),
  left('D29: a name of 251 characters', 'x'.repeat(251), 'longer than 250 characters'),
  left('D29: a name of more than a million characters', 'x'.repeat(1_000_001), 'longer than 1000000 characters'),
  left('D28: a NUL in a name', 'Mug\0', 'text with the control character U+0000'),
  left('D28: an escape in a name', 'Mug\u001b[2J', 'text with the control character U+001B'),
  left('D28: a bell in a name', 'Mug\u0007', 'text with the control character U+0007'),
  left('D28: a control of the upper half in a name', 'Mug\u009b2J', 'text with the control character U+009B'),
  left('D28: a broken character in a name', 'M\ufffdg', 'text with a character that could not be decoded (U+FFFD)'),
  left('D15: #N/A for a name', '#N/A', 'an error of a spreadsheet formula'),
  left('D15: #NAME? for a name', '#NAME?', 'an error of a spreadsheet formula'),
  untouched('D15: a blank name', ''),
  untouched('D15: a name of blanks', '   '),
  kept('D15: the word NULL for a name is a word', 'NULL'),
]
