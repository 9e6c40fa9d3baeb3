/** Bytes at a position in a log, as a port hands them over. */
export type LogRecord = Readonly<{
  offset: number
  key: Uint8Array | undefined
  value: Uint8Array | undefined
  headers: readonly Header[]
  /** Epoch milliseconds; absent where the log does not say. */
  timestampMs: number | undefined
}>

export type Header = readonly [name: string, value: Uint8Array]
