/** `forewarn healthcheck`: what a container runtime runs. */
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'

const PATIENCE_MS = 3_000

export async function healthcheck(io: Io, { url }: Readonly<{ url: string }>): Promise<ExitCode> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (answer.ok) return EXIT.ok
    say(io, `forewarn: ${url} answers ${answer.status}`)
  } catch (error) {
    say(io, `forewarn: ${url} does not answer: ${error instanceof Error ? error.message : ''}`)
  }
  return EXIT.failed
}
