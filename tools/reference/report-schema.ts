import { z } from 'zod';
import { json, type GeneratedFile } from './page.ts';
import { importIfPresent } from './registries.ts';

/** JSON Schema of `vakthund.report/1`, from the zod schema that the outputs are held against. */
export async function reportSchemaFiles(): Promise<GeneratedFile[]> {
  const { reportSchema } = await importIfPresent('src/outputs/report-schema.ts');
  if (!(reportSchema instanceof z.ZodType)) return [];
  return [json('schema/report.schema.json', z.toJSONSchema(reportSchema))];
}
