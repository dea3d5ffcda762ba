import { defineRule } from '@oxlint/plugins';
import { findGlobalUses } from './global-use.ts';

const message = 'Only src/cli and src/server touch `process`: take what you need as a parameter.';

/** Rooms below the command line and the server neither read nor change the process: no environment, no exit, no streams. */
export const processAtTheEdge = defineRule({
  create: (context) => ({
    Program() {
      for (const node of findGlobalUses(context, 'process')) context.report({ node, message });
    },
    ImportDeclaration(node) {
      if (node.source.value === 'node:process' || node.source.value === 'process') context.report({ node, message });
    },
  }),
});
