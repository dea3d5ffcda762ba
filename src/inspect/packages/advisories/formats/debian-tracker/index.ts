import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { messageOf } from '../../../../../base/errors.ts';
import { debianEcosystem } from '../../debian-releases.ts';
import { badRecord, defineAdvisoryFormat } from '../../format.ts';
import { isRecord, textOf, type JsonRecord } from '../../json.ts';
import type { OsvAffected, VendorState } from '../../osv.ts';

export const format = defineAdvisoryFormat({
  id: 'debian-tracker',
  title: 'Debian security tracker',
  description:
    'The JSON of the tracker: for each source package and CVE the state in each release, with urgency and why no fix is coming.',
  references: ['https://security-tracker.debian.org/tracker/data/json'],
  detect: (_path, head) =>
    /"releases"\s*:/.test(head) && /"repositories"\s*:/.test(head) && /"urgency"\s*:/.test(head) ? 3 : 0,
  *read(file) {
    let root: unknown;
    try {
      root = JSON.parse(decodeUtf8(file.bytes));
    } catch (error) {
      yield badRecord(file.path, messageOf(error));
    }
    for (const [name, issues] of isRecord(root) ? Object.entries(root) : []) {
      for (const [id, issue] of isRecord(issues) ? Object.entries(issues) : []) {
        if (!isRecord(issue) || !isRecord(issue['releases'])) {
          yield badRecord(file.path, `${id} of ${name} names no releases`);
          continue;
        }
        const summary = textOf(issue['description']);
        const affected = Object.entries(issue['releases']).flatMap(([codename, state]) =>
          isRecord(state) ? affectedOf(name, codename, state) : [],
        );
        yield {
          kind: 'advisory',
          record: {
            id,
            aliases: [],
            upstream: [],
            ...(summary === undefined ? {} : { summary }),
            severity: [],
            affected,
          },
        };
      }
    }
  },
});

function affectedOf(name: string, codename: string, state: JsonRecord): OsvAffected[] {
  const ecosystem = debianEcosystem(codename);
  const status = textOf(state['status']);
  if (ecosystem === undefined || (status !== 'resolved' && status !== 'open')) return [];
  const fixed = textOf(state['fixed_version']);
  const urgency = textOf(state['urgency'])?.replace(/\*+$/, '');
  const events = [{ introduced: '0' }, ...(status === 'resolved' && fixed !== undefined ? [{ fixed }] : [])];
  return [
    {
      ecosystem,
      name,
      ranges: [{ type: 'ECOSYSTEM', events }],
      versions: [],
      severity: [],
      ...(urgency === undefined ? {} : { urgency }),
      ...(status === 'open' ? { state: openState(state, urgency) } : {}),
    },
  ];
}

function openState(state: JsonRecord, urgency: string | undefined): VendorState {
  if (urgency === 'end-of-life') return 'end-of-life';
  switch (textOf(state['nodsa_reason']) ?? '') {
    case 'ignored':
      return 'wont-fix';
    case 'postponed':
      return 'postponed';
    default:
      // `nodsa` without a reason: it is left for a point release.
      return state['nodsa'] === undefined ? 'not-fixed' : 'postponed';
  }
}
