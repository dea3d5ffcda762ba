import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { badRecord, defineAdvisoryFormat } from '../../format.ts';

export const format = defineAdvisoryFormat({
  id: 'epss',
  title: 'Exploit prediction scores (EPSS, FIRST)',
  description:
    'A table with the probability that a CVE is exploited in the next 30 days. Other tables with the columns CVE, EPSS and percentile are taken too.',
  references: ['https://www.first.org/epss/data_stats'],
  detect: (_path, head) => (header.test(head) ? 3 : 0),
  *read(file) {
    let columns: readonly [number, number, number] | undefined;
    let number = 0;
    for (const line of decodeUtf8(file.bytes).split('\n')) {
      number++;
      if (columns === undefined) {
        columns = header.test(line) ? columnsOf(line) : undefined;
        continue;
      }
      // What is no row of its own goes on in a quoted text of the row before.
      if (!line.startsWith('CVE-')) continue;
      const cells = line.split(',', 8);
      const [cve, score, percentile] = columns.map((column) => cells[column] ?? '') as [string, string, string];
      const [probability, rank] = [Number(score), Number(percentile)];
      const isGood = /^CVE-\d{4}-\d{4,}$/.test(cve) && probability >= 0 && probability <= 1 && score !== '';
      if (isGood) yield { kind: 'epss', cve, score: probability, percentile: rank >= 0 && rank <= 1 ? rank : 0 };
      else if (score !== '') yield badRecord(file.path, 'a row has no CVE or no probability', number);
    }
  },
});

const header = /^cve,(?:[^\n]*,)?epss,[^\n]*percentile/im;

function columnsOf(line: string): readonly [number, number, number] {
  const names = line.trim().toLowerCase().split(',');
  return [names.indexOf('cve'), names.indexOf('epss'), names.findIndex((name) => name.endsWith('percentile'))];
}
