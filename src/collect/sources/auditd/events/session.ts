import { canonicalIp } from '../../../../base/ip.ts';
import { newEvent } from '../../../../events/event.ts';
import type { RecordMeaning } from '../interpret/meanings.ts';
import type { Fields } from '../records/fields.ts';
import { key, KeySet } from '../records/keys.ts';
import { id, text } from '../records/values.ts';
import { applyActor, type Actor } from './actor.ts';
import type { MapContext } from './context.ts';
import { fieldsJson } from './fields-json.ts';
import { outcomeOf, resultOf, ruleKeys } from './outcome.ts';
import { baseName } from './paths.ts';

const acctKey = key('acct');
const idKey = key('id');
const idName = key('ID');
const newIdKey = key('new auid');
const auidKey = key('auid');
const groupKeys = ['new_group', 'grp', 'new-group'].map(key);
const addressKey = key('addr');
const hostKey = key('hostname');
const grantorsKey = key('grantors');
const cmdKey = key('cmd');
const userName = key('UID');

/** Fields of a user message that always have a column. */
const takenNames = 'pid uid auid ses exe comm terminal tty res result acct id grp hostname cwd UID AUID ID key cmd';
const taken = new KeySet(takenNames);
const takenWithAddress = new KeySet(`${takenNames} addr`);

/** An event for a message about a log-in, an authentication, an account or a command run for somebody else. */
export function addSession(
  context: MapContext,
  main: Fields,
  actor: Actor,
  { meaning, withOthers }: { readonly meaning: RecordMeaning; readonly withOthers: boolean },
): void {
  const { view, call } = context;
  const row = newEvent('user_session');
  applyActor(row, actor, view, 'auditd.user');
  row.event_action = meaning.session ?? null;
  row.event_outcome = resultOf(main) ?? outcomeOf(call);
  row.rule_keys = ruleKeys(call?.fields ?? main);
  const isGroup = meaning.type?.includes('group') === true;
  const account = text(main, acctKey);
  if (isGroup) row.target_group_name = account ?? groupOf(main) ?? text(main, idKey);
  else {
    row.target_user_name = account ?? text(main, idName);
    row.target_user_id = textOfId(id(main, idKey));
    row.target_group_name = groupOf(main);
  }
  if (meaning.session === 'login-id-set') {
    const login = id(main, newIdKey) ?? id(main, auidKey);
    row.target_user_id = textOfId(login);
    row.login_id = login;
    row.user_name ??= text(main, userName);
  }
  const address = text(main, addressKey);
  row.source_ip = address === null ? null : (canonicalIp(address) ?? null);
  row.source_host = hostOf(main, row.source_ip);
  row.service = text(main, grantorsKey) ?? (actor.executable === null ? null : baseName(actor.executable));
  row.process_command_line = text(main, cmdKey) ?? row.process_command_line;
  row.fields = fieldsJson(context, {
    main,
    taken: row.source_ip === null ? taken : takenWithAddress,
    withOthers,
    title: actor.otherTitle,
  });
  context.events.push(row);
}

function textOfId(value: number | null): string | null {
  return value === null ? null : String(value);
}

function groupOf(fields: Fields): string | null {
  for (const name of groupKeys) {
    const group = text(fields, name);
    if (group !== null) return group;
  }
  return null;
}

/** `hostname=` repeats the address when it has no name. */
function hostOf(fields: Fields, address: string | null): string | null {
  const host = text(fields, hostKey);
  return host === null || host === address || canonicalIp(host) === address ? null : host;
}
