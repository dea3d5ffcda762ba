/** Beginning of a file that is looked at. */
const looked = 64 * 1024;
const section = /^(?:detection|correlation|filter):/m;

/** Whether a file among rules is a processing pipeline. */
export function isPipeline(text: string): boolean {
  return /^transformations:/m.test(text.slice(0, looked)) && !section.test(text.slice(0, looked));
}

/** A YAML file with a detection, correlation or filter section at its top level, or a processing pipeline. */
export function detectSigma(name: string, text: string): 0 | 1 | 2 | 3 {
  if (!/\.ya?ml$/i.test(name)) return 0;
  const head = text.slice(0, looked);
  if (isPipeline(head)) return 2;
  if (!section.test(head)) return 0;
  return /^(?:logsource|correlation):/m.test(head) && /^title:/m.test(head) ? 3 : 1;
}
