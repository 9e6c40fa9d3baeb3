/** `data` of the devices: where they are, what they run, how they are. */
import { z } from 'zod'
import { dataOf, form } from './forms.ts'

const role = z.enum(['primary', 'backup', 'training', 'test'])

/** Known by its serial number: from the shelf to its first use. */
const inHand = dataOf({
  terminalId: form.id,
  serialNo: form.id,
  model: form.text.optional(),
  vendor: form.text.optional(),
  firmware: form.text.optional(),
  appVersion: form.text.optional(),
  ptsApproval: z
    .object({ version: form.text.optional(), expiresAt: form.day.optional() })
    .optional(),
  /** Absent means primary. */
  role: role.optional(),
  mobility: z.enum(['fixed', 'mobile']).optional(),
  installAddressCode: form.text.optional(),
  installLocation: form.location.optional(),
  usccHash: form.text.optional(),
  settlementAccountRef: form.id.optional(),
})

const ofTerminal = {
  terminalId: form.id,
  serialNo: form.id.optional(),
  dueAt: form.dayOrInstant.optional(),
  role: role.optional(),
}
const movedAway = dataOf(ofTerminal)

const fault = dataOf({
  terminalId: form.id,
  faultClass: form.text,
  code: form.text.optional(),
  detail: form.freeText.optional(),
})

const LIFE_SCHEMAS = {
  'terminal.registered': inHand,
  'terminal.delivered': inHand,
  'terminal.activated': inHand,
  'terminal.replaced': dataOf({
    terminalId: form.id,
    oldSerialNo: form.id,
    newSerialNo: form.id,
    newTerminalId: form.id.optional(),
    model: form.text.optional(),
    reason: form.freeText.optional(),
  }),
  'terminal.retired': movedAway,
  'terminal.role-changed': dataOf({ ...ofTerminal, role }),
  'terminal.recall.requested': movedAway,
  'terminal.recall.completed': movedAway,
  'terminal.recall.unrecoverable': movedAway,
}

const CONDITION_SCHEMAS = {
  'terminal.heartbeat': dataOf({
    terminalId: form.id,
    serialNo: form.id.optional(),
    /** Seconds between two heartbeats, as the device intends. */
    intervalS: form.count.optional(),
    battery: z.number().min(0).max(100).optional(),
    network: form.text.optional(),
    /** dBm. */
    signal: z.number().optional(),
    simIccidHash: form.text.optional(),
    unconfirmedBatchCount: form.count.optional(),
    storedOfflineCount: form.count.optional(),
    location: form.location.optional(),
  }),
  'terminal.fault': fault,
  'terminal.recovered': fault,
  'terminal.tamper': dataOf({
    terminalId: form.id,
    sensor: form.text.optional(),
    cleared: z.boolean().optional(),
  }),
  'terminal.location': dataOf({
    terminalId: form.id,
    lat: form.location.shape.lat,
    lon: form.location.shape.lon,
    accuracyM: z.number().min(0),
    adminAreaCode: form.text.optional(),
    source: form.location.shape.source,
  }),
  'terminal.signin': dataOf({
    terminalId: form.id,
    responseCode: form.id,
    result: form.text.optional(),
  }),
}

const SOFTWARE_SCHEMAS = {
  'terminal.software.reported': dataOf({
    terminalId: form.id,
    version: form.text,
    result: form.text.optional(),
  }),
  'terminal.tms.contact': dataOf({
    terminalId: form.id,
    version: form.text.optional(),
    result: form.text.optional(),
  }),
  'software.minimum.announced': dataOf({
    model: form.text,
    minVersion: form.text,
    enforceAt: form.day,
    reference: form.freeText.optional(),
  }),
  'credential.expiring': dataOf({
    kind: z.enum(['tls-cert', 'master-key', 'working-key', 'pts', 'licence']),
    expiresAt: form.day,
    terminalId: form.id.optional(),
    enforceAt: form.dayOrInstant.optional(),
  }),
  'device.end-of-life.announced': dataOf({
    model: form.text,
    endAt: form.day,
    reference: form.freeText.optional(),
    cost: z.union([form.freeText, form.amount]).optional(),
    channel: form.text.optional(),
  }),
}

export const TERMINAL_SCHEMAS = { ...LIFE_SCHEMAS, ...CONDITION_SCHEMAS, ...SOFTWARE_SCHEMAS }
