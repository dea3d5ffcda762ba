import { defineCheck, type Fault } from '../../check.ts';
import type { BuildInstruction } from '../../inputs/build-file.ts';
import type { Located } from '../../inputs/place.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'unpinned-image',
  title: 'image that may be another one tomorrow',
  severity: 'low',
  why: 'Without a tag, or with `latest`, nobody can tell which image ran, and a new one, good or bad, comes in by itself.',
  fix: 'name the version, best with its digest: `name:1.2.3@sha256:…`',
  vanishes: 'the image had a version or a digest',
  references: docs('https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'),
  guide: ['C08', 'C10'],
  attack: ['T1525'],
  *workload({ image }) {
    if (image !== undefined) yield* unpinned(image, 'runs');
  },
  *build({ stages }) {
    // A stage goes by its name, or by its number.
    const names = new Set(stages.flatMap(({ alias = '' }, index) => [alias, String(index)]));
    for (const { from, base, instructions } of stages) {
      if (base === undefined && from.value !== 'scratch') yield* unpinned(from, 'starts from');
      for (const image of otherImages(instructions)) {
        if (!names.has(image.value.toLowerCase())) yield* unpinned(image, 'takes files from');
      }
    }
  },
});

/** What is copied, or mounted in a build, from an image of its own: `COPY --from=…`, `RUN --mount=type=bind,from=…`. */
function otherImages(instructions: readonly BuildInstruction[]): Located<string>[] {
  return instructions.flatMap(({ flags, at }) =>
    flags.flatMap((flag) => {
      const value = /^--(?:from=|mount=(?:.*,)?from=)(?<image>[^,]+)/.exec(flag)?.groups?.['image'];
      return value === undefined ? [] : { value, at };
    }),
  );
}

function* unpinned({ value, at }: Located<string>, verb: string): Generator<Fault> {
  // An image id, a digest, and a name that is only known later, are no moving names.
  if (
    value === '' ||
    value.includes('@sha256:') ||
    value.includes('$') ||
    /^(?:sha256:)?[0-9a-f]{12,64}$/.test(value)
  ) {
    return;
  }
  const tag = /:(?<tag>[\w][\w.-]*)$/.exec(value)?.groups?.['tag'];
  if (tag === undefined) yield { at, what: `${verb} ${value} without a version` };
  else if (tag === 'latest') yield { at, what: `${verb} ${value}` };
}
