/** `forewarn explain`: every clock and limit of one account, from Redis or from a recorded stream. */
import { createRedis, whenReady } from '../adapters/redis-options.ts'
import { createRedisStore } from '../adapters/redis-store.ts'
import type { Account } from '../core/account.ts'
import { explain as explainAccount } from '../core/explain.ts'
import type { Surroundings } from '../core/explain-suppressed.ts'
import { createFold } from '../core/fold.ts'
import { dayFromDate } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import { parseInstant } from '../events/time-text.ts'
import { explanationText } from './explain-text.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { replayedAccount } from './replayed-account.ts'
import { loadSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { findStored } from './stored-account.ts'
import type { Stored } from './stored-account.ts'

export type ExplainOptions = Readonly<{
  tenant?: string
  from?: string
  at?: string
  json?: boolean
  config?: string
  policy?: string
}>

/** What is to be explained, or why it cannot be: said already. */
type Found = Readonly<{ account: Account; atMs: EpochMs; around: Surroundings }> | ExitCode

export async function explain(
  io: Io,
  merchantId: string,
  options: ExplainOptions,
): Promise<ExitCode> {
  const settings = loadSettings(io, options)
  if (settings === undefined) return EXIT.config
  const atMs = instantOf(options.at, settings)
  if (options.at !== undefined && atMs === undefined) {
    tell(io, `--at ${options.at} is neither an RFC 3339 instant with offset nor a date`)
    return EXIT.usage
  }
  const found =
    options.from === undefined
      ? await fromRedis(io, settings, merchantId, options.tenant, atMs)
      : await fromFile(io, settings, merchantId, { ...options, from: options.from }, atMs)
  if (typeof found === 'number') return found
  const { policy } = settings.loaded
  const explanation = explainAccount(policy, found.account, found.atMs, found.around)
  const text = options.json
    ? JSON.stringify(explanation, undefined, 2)
    : explanationText(explanation, policy.zoneOf)
  io.stdout.write(`${text}\n`)
  return EXIT.ok
}

const tell = (io: Io, text: string): void => say(io, `forewarn explain: ${text}`)

/** A date is its end, in the zone of accounts that never told theirs. */
function instantOf(at: string | undefined, { service, loaded }: Settings): EpochMs | undefined {
  if (at === undefined) return undefined
  if (!/^\d{4}-\d{2}-\d{2}$/.test(at)) return parseInstant(at)
  try {
    const day = dayFromDate(Temporal.PlainDate.from(at))
    return loaded.policy.zoneOf(service.defaults.zone).startMs(day + 1) - 1
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

async function fromFile(
  io: Io,
  { loaded }: Settings,
  merchantId: string,
  { from, tenant }: ExplainOptions & Readonly<{ from: string }>,
  untilMs: EpochMs | undefined,
): Promise<Found> {
  const fold = createFold(loaded.policy)
  const found = await replayedAccount(io, fold, from, { merchantId, tenant, untilMs })
  switch (found?.kind) {
    case 'found':
      return { account: found.account, atMs: untilMs ?? found.clockMs, around: found.around }
    case 'several':
      tell(io, `${merchantId} is an account of several tenants: --tenant ${either(found.tenants)}`)
      return EXIT.usage
    case 'none': {
      const when = untilMs === undefined ? '' : ' until then'
      tell(io, `${from} has no event of ${named(merchantId, tenant)}${when}${hint(found.hint)}`)
      return EXIT.failed
    }
    case undefined:
      tell(io, `there is no file ${from}`)
      return EXIT.failed
  }
}

const PATIENCE_MS = 10_000

async function fromRedis(
  io: Io,
  { service, loaded }: Settings,
  merchantId: string,
  tenant = service.defaults.tenant,
  askedMs?: EpochMs,
): Promise<Found> {
  const { url, cluster, namespace } = service.redis
  const client = createRedis({ url, isCluster: cluster })
  try {
    await whenReady(client, PATIENCE_MS)
    const store = createRedisStore(client, namespace)
    const found = await findStored(store, createFold(loaded.policy), { tenant, merchantId })
    if (found.kind === 'found') return asAsked(io, found, askedMs, loaded.policy)
    tell(
      io,
      found.partitions === 0
        ? `Redis holds no state under the namespace ${namespace}`
        : `no account of ${named(merchantId, tenant)} is stored${hint(found.hint)}`,
    )
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer'
    tell(io, `${URL.parse(url)?.host ?? 'Redis'}: ${why}`)
  } finally {
    client.disconnect()
  }
  return EXIT.failed
}

function asAsked(
  io: Io,
  { account, clockMs, around, policyHash }: Stored,
  askedMs: EpochMs | undefined,
  policy: Settings['loaded']['policy'],
): Found {
  if (askedMs !== undefined && askedMs < clockMs) {
    const clock = new Date(clockMs).toISOString()
    tell(io, `the state is as of ${clock}: for what was before, replay the events with --from`)
    return EXIT.usage
  }
  if (policyHash !== undefined && policyHash !== policy.hash) {
    tell(io, `the state was judged by policy ${policyHash}, and is explained by ${policy.hash}`)
  }
  return { account, atMs: askedMs ?? clockMs, around }
}

function named(merchantId: string, tenant: string | undefined): string {
  return tenant === undefined ? merchantId : `${merchantId} (tenant ${tenant})`
}

const hint = (text: string | undefined): string => (text === undefined ? '' : ` (${text})`)
const either = (tenants: readonly string[]): string => tenants.join(' or ')
