import type { Retention } from '../../mirror/index.ts'
import type { SyncSpec } from '../../model/index.ts'
import type { Environment } from './environment.ts'
import type { Secret } from './secret.ts'

/** The configuration, checked, with its defaults filled in and its paths absolute; frozen. */
export interface Settings {
  /** The configuration file; every relative path in it starts at `dir`. */
  readonly file: string
  readonly dir: string
  readonly stores: Readonly<Record<string, StoreSettings>>
  readonly sources: Readonly<Record<string, SourceSettings>>
  readonly tables: Readonly<Record<string, TableSettings>>
  readonly syncs: readonly SyncSpec[]
  readonly jobs: Readonly<Record<string, JobSettings>>
  readonly retention: Retention
  readonly notify: readonly NotifierSettings[]
  /** What a person should know although it does not stop anything. */
  readonly warnings: readonly string[]
}

export interface StoreSettings {
  readonly name: string
  readonly hash: string
  /** `https://api.bigcommerce.com`, a loopback origin, or the store's own address with `basic`. */
  readonly origin: string
  readonly auth:
    | { readonly accessToken: Secret }
    | { readonly basic: { readonly user: string; readonly token: Secret } }
  /** Share of the store's quota that may be used, above 0 and up to 1. */
  readonly quotaShare: number
  /** Resources that a pull brings. */
  readonly resources: readonly string[]
  /** How old the last pull of everything may be, ms. */
  readonly fullMs: number
  /** File of the mirror. */
  readonly mirror: string
  readonly production: boolean
  /** Where a simple product's price is written. */
  readonly simplePrices: 'product' | 'variant'
  /** Location that stock is written to; null is the store's default one. */
  readonly location: number | null
  /** Instead of every resource's own `settleMs`, ms; null keeps those. */
  readonly settleMs: number | null
}

export type SourceSettings = FileSettings | DatabaseSettings

/** A table that expressions look values up in. */
export interface TableSettings {
  readonly name: string
  readonly source: SourceSettings
  /** The column that a value is looked up by. */
  readonly key: string
  /** The column that a lookup gives when it names none. */
  readonly value: string
}

/** A source that is a file: how its bytes are reached, and what they mean by its `type`. */
export type FileSettings = CsvSettings | TsvSettings | XlsxSettings | JsonSettings | JsonlSettings

export interface FilePlace {
  readonly name: string
  /** Absolute, or an address: `http://`, `https://`, `sftp://`, `s3://`. */
  readonly path: string
  /** Of several files that a pattern fits. */
  readonly pick?: 'newest'
  /** Of a zip. */
  readonly entry?: string
  /** How long a file that is still being written is waited for. */
  readonly settleSeconds: number
  readonly headers?: Readonly<Record<string, Secret>>
  readonly password?: Secret
  readonly privateKey?: Secret
  readonly hostKey?: string
  readonly endpoint?: string
  readonly region?: string
  readonly accessKeyId?: Secret
  readonly secretAccessKey?: Secret
  /** Values that the store owns are written back into it. */
  readonly write: boolean
}

interface SheetSettings extends FilePlace {
  readonly quote: string | false
  /** Absent: UTF-8, or what the byte order mark says; `auto` finds it out. */
  readonly encoding?: Encoding | 'auto'
  /** The first line names the columns. */
  readonly header: boolean
  /** Whether a last line without its end means that the file was cut. */
  readonly finalNewline: 'required' | 'optional'
}

export interface DatabaseSettings {
  readonly name: string
  readonly from: { readonly table: string } | { readonly query: string }
  /** Values that the store owns are written back into the table. */
  readonly write: boolean
  /** Column that keeps what became of each row. */
  readonly outcome?: string
  /** Column that says when a row was changed: only such rows are read, but for what is open or too long ago. */
  readonly watermark?: {
    readonly column: string
    readonly overlap: { readonly ms: number } | { readonly count: number }
    /** How old the last whole reading may be. */
    readonly wholeMs: number
  }
  readonly database:
    | {
        readonly type: 'postgres' | 'mysql' | 'mariadb' | 'sqlserver'
        readonly url: Secret
        /** Of one statement. */
        readonly timeoutMs: number
      }
    | {
        readonly type: 'sqlite'
        /** Absolute. */
        readonly file: string
        /** As the configuration has it. */
        readonly path: string
      }
}

/** Whether a source is a table or a query of a database. */
export const isDatabase = (source: SourceSettings): source is DatabaseSettings => 'database' in source
export interface CsvSettings extends SheetSettings {
  readonly type: 'csv'
  readonly delimiter: string
}

export interface TsvSettings extends SheetSettings {
  readonly type: 'tsv'
}

export interface XlsxSettings extends FilePlace {
  readonly type: 'xlsx'
  readonly sheet?: string
}

export interface JsonSettings extends FilePlace {
  readonly type: 'json'
  /** Path of the list of records. */
  readonly at?: string
}

export interface JsonlSettings extends FilePlace {
  readonly type: 'jsonl'
  readonly finalNewline: 'required' | 'optional'
}

export type Encoding = (typeof ENCODINGS)[number]
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin1'] as const

export interface JobSettings {
  readonly name: string
  /** Five fields, so once a minute at most; absent runs only when asked for. */
  readonly cron?: string
  readonly timezone: string
  readonly steps: readonly Step[]
  readonly approve: 'ask' | 'auto'
}

/** What a notice may be about. */
export const NOTICE_EVENTS = ['blocked', 'partial', 'failed', 'waiting', 'recovered', 'missed'] as const
export type NoticeEvent = (typeof NOTICE_EVENTS)[number]

/** One way to reach a person. */
export interface NotifierSettings {
  readonly name: string
  readonly events: readonly NoticeEvent[]
  /** Jobs and syncs; null is all. */
  readonly about: readonly string[] | null
  readonly way: CommandWay | WebhookWay | MailWay
}

export interface CommandWay {
  readonly kind: 'command'
  readonly program: string
  readonly args: readonly string[]
  /** What the program gets of the environment: nothing that could hold a secret. */
  readonly env: Environment
}

export interface WebhookWay {
  readonly kind: 'webhook'
  readonly url: Secret
}

export interface MailWay {
  readonly kind: 'mail'
  /** `smtps://user:password@host`. */
  readonly server: Secret
  readonly from: string
  readonly to: readonly string[]
}

export type Verb = (typeof STEP_VERBS)[number]
export const STEP_VERBS = ['pull', 'sync', 'report'] as const

export interface Step {
  readonly verb: Verb
  /** A store, a sync (also one that another brings with it) or a report. */
  readonly target: string
  /** Of a sync. */
  readonly store?: string
}
