import type { ImagePolicy } from '../../../inspect/image/policy/policy.ts';
import { exportPolicy } from '../../../inspect/image/policy/export-policy.ts';
import type { PolicyExport } from '../../../inspect/image/policy/formats.ts';
import { judgeImage, type PolicyVerdict } from '../../../inspect/image/policy/judge-image.ts';
import { trustId } from '../../../inspect/image/policy/policy-trust.ts';
import { readImagePolicy } from '../../../inspect/image/policy/policy.ts';
import { describeUse, type ImageUse } from '../../../inspect/image/index-store/record.ts';
import type { Problem } from '../../../base/problem.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { openIndex } from './index-file.ts';
import { openAdvisories } from './judge-subject.ts';
import { tellProblems } from './print-image.ts';
import { nameOf, usesByImage } from './print-index.ts';

export interface JudgeOptions {
  readonly advisories: readonly string[];
  readonly store?: string;
}

type WithPolicy = JudgeOptions & { readonly policy: string };

interface JudgedIndex {
  readonly policy: ImagePolicy;
  /** The refused ones first, then those of which something is unknown. */
  readonly verdicts: readonly PolicyVerdict[];
  readonly problems: readonly Problem[];
  /** What manifests use and the index does not have: nobody can say whether it may run. */
  readonly unknownUses: readonly ImageUse[];
}

const stateOrder = ['refused', 'unknown', 'allowed'] as const;

/** Prints which images of the index may run, and why the others may not. Exit code 1 when one is refused, 2 when one is unknown. */
export async function judgeIndex(caseFolder: string, options: WithPolicy, terminal: Terminal): Promise<ExitCode> {
  const judged = await judgeAll(caseFolder, options);
  tellProblems(judged.problems, terminal);
  terminal.out(terminal.json ? asJson(judged) : asText(judged));
  if (judged.verdicts.some(({ state }) => state === 'refused')) return 1;
  const isUnknown = judged.unknownUses.length > 0 || judged.verdicts.some(({ state }) => state === 'unknown');
  return isUnknown ? 2 : 0;
}

/** Prints the policy in the words of who starts containers; what cannot be said there goes to standard error. */
export async function writePolicy(
  format: PolicyExport,
  caseFolder: string,
  options: WithPolicy,
  terminal: Terminal,
): Promise<ExitCode> {
  const { policy, verdicts, problems } = await judgeAll(caseFolder, options);
  tellProblems(problems, terminal);
  const { text, left } = exportPolicy(format, policy, verdicts);
  terminal.out(text);
  for (const what of left) terminal.talk(`not in it: ${what}\n`);
  return 0;
}

async function judgeAll(caseFolder: string, options: WithPolicy): Promise<JudgedIndex> {
  const policy = readImagePolicy(options.policy);
  const index = openIndex(caseFolder);
  const needsBook = policy.vulnerabilities !== undefined || policy.supported;
  const opened = needsBook ? await openAdvisories(options.advisories, options.store) : undefined;
  const uses = usesByImage(index);
  const context = {
    policy,
    trust: policy.signed === undefined ? undefined : trustId(policy.signed),
    book: opened?.book,
    now: Date.now() * 1000,
  };
  const verdicts = index.images.map((image) => judgeImage(image, uses.get(image) ?? [], context));
  const rank = ({ state }: PolicyVerdict): number => stateOrder.indexOf(state);
  return {
    policy,
    verdicts: verdicts.sort((a, b) => rank(a) - rank(b) || (nameOf(a.image) < nameOf(b.image) ? -1 : 1)),
    problems: opened?.problems ?? [],
    unknownUses: index.uses.filter(({ reference }) => index.find(reference) === undefined),
  };
}

/** Faults of one image that are shown; the others are counted. */
const shownFaults = 8;

function asText({ verdicts, unknownUses }: JudgedIndex): string {
  const count = (state: PolicyVerdict['state']): number => verdicts.filter((one) => one.state === state).length;
  const lines = verdicts.filter(({ state, excused }) => state !== 'allowed' || excused.length > 0).flatMap(linesOf);
  return [
    ...lines,
    ...unknownUses.map(
      (use) => `UNKNOWN  ${visible(use.reference)}, used by ${visible(describeUse(use))}, is not in the index`,
    ),
    `${verdicts.length} ${verdicts.length === 1 ? 'image' : 'images'}: ${count('refused')} refused, ${count('unknown')} unknown, ${count('allowed')} allowed`,
    '',
  ].join('\n');
}

function visible(text: string): string {
  return visibleText(text, 1000);
}

function linesOf({ image, state, faults, excused, notChecked }: PolicyVerdict): string[] {
  const mark = { refused: 'REFUSED', unknown: 'UNKNOWN', allowed: 'allowed' }[state];
  return [
    `${mark}  ${nameOf(image)}`,
    ...faults
      .slice(0, shownFaults)
      .flatMap(({ rule, detail, fix }) => [`  ${rule}: ${visible(detail)}`, `    ${visible(fix)}`]),
    ...(faults.length > shownFaults ? [`  and ${faults.length - shownFaults} more; --json has them all`] : []),
    ...excused
      .slice(0, shownFaults)
      .map(
        ({ rule, detail, reason, until }) =>
          `  excused until ${until}: ${rule}: ${visible(detail)} (${visible(reason)})`,
      ),
    ...notChecked.map(({ what, why }) => `  not checked: ${visible(what)}: ${visible(why)}`),
  ];
}

function asJson({ verdicts, unknownUses, problems }: JudgedIndex): string {
  const result = {
    images: verdicts.map(({ image: { id, digest, names, places }, state, faults, excused, notChecked }) => ({
      image: { id, digest: digest ?? null, names, places },
      state,
      faults,
      excused,
      not_checked: notChecked,
    })),
    not_indexed: unknownUses,
    problems: problems.map(({ code, at, message }) => ({ code, at: at.path ?? '', message })),
  };
  return `${visibleJson(JSON.stringify(result, undefined, 1))}\n`;
}
