import type { Mutant } from './mutant.ts'

/** What keeps text from outside from being more than text, and secrets from being told. */
export const ATTACKS: readonly Mutant[] = [
  {
    name: 'html-not-escaped',
    removes: 'escapes what comes from outside on the page of a plan',
    file: 'src/cli/views/plan-html.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the file
    find: 'text.replace(/[&<>"\']/g, (character) => `&#${character.charCodeAt(0)};`)',
    put: 'text',
    caught: { by: 'test', file: 'test/scenario/security.test.ts', title: 'S11' },
  },
  {
    name: 'formulas-in-spreadsheets',
    removes: 'lets no cell of a plan for people become a formula',
    file: 'src/sources/writers/spreadsheet-text.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the file
    find: "canonicalDecimal(text) === undefined ? `'${text}` : text",
    put: 'canonicalDecimal(text) === undefined ? text : text',
    caught: { by: 'test', file: 'test/scenario/security.test.ts', title: 'D30' },
  },
  {
    name: 'secrets-not-struck-out',
    removes: 'strikes the credentials out of what a store or a library says',
    file: 'src/store/caller.ts',
    find: "reply.kind === 'answer' ? { ...reply, text: redact(reply.text) } : { ...reply, reason: redact(reply.reason) }",
    put: 'redact ? reply : reply',
    caught: { by: 'test', file: 'test/unit/store/store.test.ts', title: 'S17' },
  },
  {
    name: 'any-query-is-prepared',
    removes: 'prepares only statements that begin as reading ones do',
    file: 'src/mirror/query-answers.ts',
    find: 'const refused = offence(sql)',
    put: 'const refused = undefined as ReturnType<typeof offence>',
    caught: { by: 'test', file: 'test/unit/mirror/query.test.ts', title: 'S9' },
  },
  {
    name: 'deletes-without-a-key',
    removes: 'builds no request that deletes a whole collection',
    file: 'src/store/write.ts',
    find: 'if (/^\\.{0,2}$/.test(String(value))) throw',
    put: 'if (value === null) throw',
    caught: { by: 'test', file: 'test/scenario/security.test.ts', title: 'S32' },
  },
  {
    name: 'pictures-from-anywhere',
    removes: 'follows no link out of the folder of the configuration',
    file: 'src/sources/picture-files.ts',
    find: 'if (inside === undefined || !(await isInside(folder, path))) return',
    put: 'if (inside === undefined) return',
    caught: { by: 'test', file: 'test/scenario/image-files.test.ts', title: 'with its line, column and value' },
  },
  {
    name: 'another-picture-than-planned',
    removes: 'sends a file only as the plan saw it',
    file: 'src/sources/picture-files.ts',
    find: 'return now === sha256 ? file :',
    put: 'return now ? file :',
    caught: { by: 'test', file: 'test/scenario/image-files.test.ts', title: 'another one than the plan' },
  },
  {
    name: 'file-believed',
    removes: 'asks the answer to prove that a picture was replaced by a file',
    file: 'src/engine/uploads.ts',
    find: "if (!sent || verb !== 'update' || !(fileIn(address) || webIn(address))) return false",
    put: "if (!sent || verb === 'update' || !(fileIn(address) || webIn(address))) return false",
    caught: { by: 'test', file: 'test/scenario/image-files.test.ts', title: 'taken at its word' },
  },
  {
    name: 'looks-inside',
    removes: 'never looks behind an address inside a private network',
    file: 'src/sources/web-pictures.ts',
    find: 'inside: false,',
    put: 'inside: true,',
    caught: { by: 'test', file: 'test/unit/sources/web-pictures.test.ts', title: 'never leads inside' },
  },
  {
    name: 'other-content-than-planned',
    removes: 'sends an address only while the picture that the plan saw lies behind it',
    file: 'src/engine/uploads.ts',
    find: 'return found.sha256 === sha256',
    put: 'return found.sha256',
    caught: { by: 'test', file: 'test/scenario/image-contents.test.ts', title: 'sent by the next plan' },
  },
]
