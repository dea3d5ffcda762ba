/** The thread of `ScanThread`: takes sealed shares until none is left, and answers with what it found. */
import { parentPort, workerData } from 'node:worker_threads';
import { languages } from '../../detect/rules/registry.generated.ts';
import type { RuleLanguage } from '../../detect/rules/rule-language.ts';
import type { ScanQuestion } from '../../detect/rules/rule-scan.ts';
import type { RowFormat } from '../../match/row-format.ts';
import { openSealedStore } from '../../store/duckdb/sealed-store.ts';
import type { ScanAnswer, ScanTask, SentQuestion } from './scan-thread.ts';
import { ShareReader } from './share-reader.ts';
import { ShareTurns } from './share-turns.ts';

const { questions, shares, shape, folder, memoryBytes, turns } = workerData as ScanTask;
const known = (Object.values(languages) as readonly RuleLanguage[]).flatMap(({ rowFormats }) => rowFormats ?? []);
const formats = new Map(known.map((format) => [format.id, format] as const));
const taken = new ShareTurns(turns);
const tell = (answer: ScanAnswer): void => parentPort?.postMessage(answer);

const reader = new ShareReader(questions.map(asked), shape);
const store = await openSealedStore(folder, memoryBytes);
try {
  const onRows = (kind: SentQuestion['kind'], rows: number): void => {
    tell({ kind, rows });
    if (taken.isStopped) throw new Error('the hunt was given up');
  };
  for (let share = shares[taken.take()]; share !== undefined; share = shares[taken.take()]) {
    await reader.read(share, { store, onRows });
  }
  tell({ found: reader.kept.all().map(([at, kept]) => [questions[at]?.place ?? at, kept]) });
} finally {
  store.close();
}

function asked({ kind, format, questions: own }: SentQuestion): ScanQuestion {
  return { query: { kind, sql: '', rows: { format: formats.get(format) as RowFormat, questions: own } } };
}
