import { statSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import { ProblemList } from '../../../base/problem.ts';
import { defaultBundleLimits, type Bundle, type BundleLimits } from './bundle.ts';
import { bundleNames } from './manifest.ts';
import { openOwnBundle } from './own-bundle.ts';
import { openUac, isUac } from './uac.ts';
import { unpackBundle } from './unpack.ts';
import { isVelociraptor, openVelociraptor } from './velociraptor.ts';

/** Opens what `host collect`, Velociraptor's collectors or UAC took from a machine. Close it when it is not needed any more. */
export async function openBundle(path: string, limits: BundleLimits = defaultBundleLimits): Promise<Bundle> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new VakthundError('NOT_FOUND', `there is no bundle "${path}"`);
  }
  const problems = new ProblemList();
  const unpacked = await unpackBundle(path, limits, problems);
  try {
    if (unpacked.members.has(bundleNames.manifest)) return openOwnBundle(unpacked, limits, problems);
    if (isUac(unpacked)) return await openUac(unpacked, limits, problems);
    if (isVelociraptor(unpacked)) return openVelociraptor(unpacked, limits, problems);
    const what = problems.drain()[0]?.message ?? 'it is neither a bundle nor a collection of Velociraptor or UAC';
    throw new VakthundError('EVIDENCE_READ', `"${path}": ${what}`);
  } catch (error) {
    unpacked.contents.close();
    throw error;
  }
}
