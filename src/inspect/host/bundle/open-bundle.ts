import { statSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import { ProblemList } from '../../../base/problem.ts';
import { openArchive, rootIn } from './archive.ts';
import { defaultBundleLimits, type Bundle, type BundleLimits } from './bundle.ts';
import { bundleNames } from './manifest.ts';
import { openOwnBundle } from './own-bundle.ts';
import { openUac, isUac } from './uac.ts';
import { unpackBundle } from './unpack.ts';
import { isVelociraptor, openVelociraptor } from './velociraptor.ts';

/**
 * Opens what `host collect`, Velociraptor's collectors or UAC took from a machine, packed or unpacked into a folder, and any archive
 * with files of a root. Close it when it is not needed any more.
 */
export async function openBundle(path: string, limits: BundleLimits = defaultBundleLimits): Promise<Bundle> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true && stat?.isDirectory() !== true) {
    throw new VakthundError('NOT_FOUND', `there is no bundle "${path}"`);
  }
  const problems = new ProblemList();
  const unpacked = await unpackBundle(path, limits, problems);
  try {
    if (unpacked.members.has(bundleNames.manifest)) return openOwnBundle(unpacked, limits, problems);
    if (isUac(unpacked)) return await openUac(unpacked, limits, problems);
    if (isVelociraptor(unpacked)) return openVelociraptor(unpacked, limits, problems);
    const prefix = rootIn(unpacked);
    if (prefix !== undefined) return openArchive(unpacked, prefix, problems);
    const what =
      problems.drain()[0]?.message ?? 'it is no bundle, no collection of Velociraptor or UAC, and holds no root';
    throw new VakthundError('EVIDENCE_READ', `"${path}": ${what}`, {
      hint: 'vakthund investigate reads the logs that it may hold; an image goes with --image',
    });
  } catch (error) {
    unpacked.contents.close();
    throw error;
  }
}
