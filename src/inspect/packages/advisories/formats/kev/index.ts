import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { messageOf } from '../../../../../base/errors.ts';
import { badRecord, defineAdvisoryFormat } from '../../format.ts';
import { isRecord, recordsOf, textOf } from '../../json.ts';

export const format = defineAdvisoryFormat({
  id: 'kev',
  title: 'Known exploited vulnerabilities (CISA)',
  description: 'The catalog of vulnerabilities that were seen exploited, with the day on which each was added.',
  references: ['https://www.cisa.gov/known-exploited-vulnerabilities-catalog'],
  detect: (_path, head) => (/"cveID"\s*:/.test(head) && /"dateAdded"\s*:/.test(head) ? 3 : 0),
  *read(file) {
    let root: unknown;
    try {
      root = JSON.parse(decodeUtf8(file.bytes));
    } catch (error) {
      yield badRecord(file.path, messageOf(error));
    }
    for (const entry of isRecord(root) ? recordsOf(root['vulnerabilities']) : []) {
      const [cve, since] = [textOf(entry['cveID']), textOf(entry['dateAdded'])];
      if (cve === undefined || since === undefined) yield badRecord(file.path, 'an entry has no CVE or no day');
      else yield { kind: 'exploited', cve, since, byRansomware: entry['knownRansomwareCampaignUse'] === 'Known' };
    }
  },
});
