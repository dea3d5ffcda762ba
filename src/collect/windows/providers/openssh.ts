import { canonicalIp } from '../../../base/ip.ts';
import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import type { EventReader } from '../event-reader.ts';
import type { Provider } from '../provider.ts';

/** OpenSSH for Windows: what sshd writes to syslog elsewhere, as a text in `payload`. */
export const openssh: Provider = { names: ['OpenSSH'], dataset: 'openssh', events: { 4: message } };

/** `Failed password for invalid user bob from 192.0.2.1 port 4711 ssh2`. Other messages are log records. */
const decision =
  /^(?<what>Accepted|Failed) (?<method>[a-z-]{1,30}) for (?:invalid user )?(?<user>.{1,256}) from (?<address>[\da-fA-F:.]{2,45}) port \d{1,5}/;

function message(reader: EventReader): VakthundEvent | undefined {
  const found = decision.exec(reader.text('payload') ?? '')?.groups;
  if (found === undefined) return undefined;
  const event = newEvent('user_session');
  event.event_action = 'login';
  event.event_outcome = found['what'] === 'Accepted' ? 'success' : 'failure';
  event.target_user_name = found['user'] ?? null;
  event.source_ip = canonicalIp(found['address'] ?? '') ?? null;
  event.service = `ssh ${found['method'] ?? ''}`;
  event.process_name = reader.text('process');
  return event;
}
