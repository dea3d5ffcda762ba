import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import { newEvent, type EventOf } from '../../../events/event.ts';
import type { ContainerFacts, RecordContext } from '../../sensor.ts';
import type { ExportSpool } from '../_shared/export-spool.ts';
import { EngineClient } from '../../../base/engine-client.ts';
import { factsOf, fieldsOf, isContainerId, powersOf, textIn } from './facts.ts';

const waitMs = 5000;
const maxContainers = 10_000;
const filters = encodeURIComponent(JSON.stringify({ type: ['container'] }));
/** After these the container has another process, name or mount. */
const changing = new Set(['start', 'restart', 'unpause', 'rename', 'create']);

/** Follows the events of one engine until the signal; asks again when it was away. */
export async function followEngine(
  socketPath: string,
  context: RecordContext,
  spool: ExportSpool<'log'>,
): Promise<void> {
  const client = new EngineClient(socketPath);
  let isTold = false;
  while (!context.signal.aborted) {
    const since = Math.floor(Date.now() / 1000);
    try {
      await tellAll(client, context);
      isTold = false;
      for await (const event of client.follow(`/events?since=${since}&filters=${filters}`, context.signal)) {
        await see(event, client, context, spool);
      }
    } catch (error) {
      if (context.signal.aborted) return;
      if (!isTold) {
        context.onLost(
          1,
          `the engine at ${socketPath} is away (${messageOf(error)}): what happens meanwhile is not seen`,
        );
      }
      isTold = true;
    }
    await sleep(waitMs, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

/** What runs already. */
async function tellAll(client: EngineClient, context: RecordContext): Promise<void> {
  const list = await client.get('/containers/json', context.signal);
  for (const entry of Array.isArray(list) ? list.slice(0, maxContainers) : []) {
    const id = textIn(fieldsOf(entry)['Id']);
    if (isContainerId(id)) await inspect(id, client, context);
  }
}

async function inspect(id: string, client: EngineClient, context: RecordContext): Promise<unknown> {
  try {
    const inspected = await client.get(`/containers/${id}/json`, context.signal);
    const facts = factsOf(inspected);
    if (facts !== undefined) context.onContainer(facts);
    return inspected;
  } catch (error) {
    // Containers that live for a moment are gone before they can be asked about.
    if (context.signal.aborted) throw error;
    return undefined;
  }
}

async function see(
  event: unknown,
  client: EngineClient,
  context: RecordContext,
  spool: ExportSpool<'log'>,
): Promise<void> {
  const fields = fieldsOf(event);
  const actor = fieldsOf(fields['Actor']);
  const attributes = fieldsOf(actor['Attributes']);
  const id = textIn(actor['ID']) || textIn(fields['id']);
  const action = textIn(fields['Action']) || textIn(fields['status']);
  if (!isContainerId(id) || action === '') return;
  const told: ContainerFacts = { id, name: textIn(attributes['name']), image: textIn(attributes['image']), pid: 0 };
  context.onContainer(told);
  const inspected = changing.has(action) ? await inspect(id, client, context) : undefined;
  spool.write([rowOf(action, fields, told, inspected)]);
}

/** The event as a row: for a container that starts with what it may do. */
function rowOf(
  action: string,
  fields: Readonly<Record<string, unknown>>,
  { id, name, image }: ContainerFacts,
  inspected: unknown,
): EventOf<'log'> {
  const nanos = Number(fields['timeNano']);
  const seconds = Number(fields['time']);
  const row = newEvent('log');
  row.time = Number.isFinite(nanos) && nanos > 0 ? Math.floor(nanos / 1000) : seconds * 1_000_000;
  row.event_dataset = 'engine.container';
  row.log_name = action.split(':', 1)[0] ?? action;
  row.message = `container ${action}: ${name} of ${image}`;
  row.container_id = id;
  row.container_name = name;
  row.container_image_name = image;
  if (inspected !== undefined) row.fields = JSON.stringify(powersOf(inspected));
  return row;
}
