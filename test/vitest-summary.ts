import type { Reporter, TestModule } from 'vitest/node';

/** Closes a run on the one line that machines read: `N passed, N failed`. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const n = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      const results = [...module.children.allTests()].map((test) => test.result().state);
      if (module.state() === 'failed' && !results.includes('failed')) n.failed++;
      for (const state of results) n[state === 'pending' ? 'skipped' : state]++;
    }
    if (n.skipped > 0) console.log(`\n${n.skipped} skipped: what they need is not on this machine`);
    console.log(`\n${n.passed} passed, ${n.failed} failed`);
  }
}
