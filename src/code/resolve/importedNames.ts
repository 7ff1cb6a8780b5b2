import { sdkPackage, type SdkPackage } from '../sdks/table';
import type { Evaluating } from './evaluating';
import { deepest, type Modules } from './modules';
import { nothing, type Value } from './value';
import type { FileView } from './view';

/** Names that come from other files and packages. */
export class ImportedNames {
  readonly #exporting = new Set<string>();

  constructor(
    private readonly modules: Modules,
    private readonly evaluator: Evaluating,
  ) {}

  imported(view: FileView, specifier: string, name: string, depth = 0): Value {
    if (depth > deepest) return nothing;
    const pkg = this.sdk(view, specifier);
    if (pkg) return { k: 'sdk', pkg, name };
    // `from firebase_admin import remote_config`
    const submodule = view.summary.family === 'python' ? this.sdk(view, `${specifier}.${name}`) : undefined;
    if (submodule) return { k: 'sdk', pkg: submodule, name: '*' };
    const path = this.modules.resolve(view.path, specifier);
    if (path === undefined) return nothing;
    const { family } = view.summary;
    if (path === null) {
      // `using Keys = Acme.Flags;`, Kotlin's `import com.acme.isOn`.
      const at = specifier.lastIndexOf('.');
      const cls = this.evaluator.visible.within(view, specifier.slice(at + 1), specifier.slice(0, Math.max(0, at)));
      if (cls.k !== 'nothing') return cls;
    }
    if (path === null) {
      const inner =
        family === 'python'
          ? this.submodule(view, specifier, name)
          : family === 'rust'
            ? this.evaluator.rust.inside(view, specifier, name, depth + 1)
            : nothing;
      return inner.k === 'nothing' ? { k: 'package', module: specifier, name } : inner;
    }
    this.evaluator.consulted.add(path);
    const target = this.modules.view(path);
    if (!target) return nothing;
    if (family === 'python' && name !== '*') {
      const value = this.exported(target, name, depth + 1);
      return value.k === 'nothing' ? this.submodule(view, specifier, name) : value;
    }
    if (name === '*')
      return target.exports.has('default') && target.exports.size === 1
        ? this.exported(target, 'default', depth + 1)
        : { k: 'module', view: target };
    // What Kotlin declares outside of classes is `FlagsKt` to Java, of the file `Flags.kt`.
    if (family === 'java' && path.endsWith(`/${name.slice(0, -2)}.kt`) && name.endsWith('Kt'))
      return { k: 'module', view: target };
    return this.exported(target, name, depth + 1);
  }

  /** The SDK a specifier names. What the workspace itself has as a package is none: `posthog` in PostHog's own code. */
  sdk(view: FileView, specifier: string): SdkPackage | undefined {
    const { family } = view.summary;
    const pkg = sdkPackage(specifier, family);
    if (!pkg || family !== 'python') return pkg;
    const own = this.modules.resolve(view.path, specifier.split('.')[0] ?? '');
    return own?.endsWith('__init__.py') === true ? undefined : pkg;
  }

  /** `from package import module` of Python. */
  submodule(view: FileView, specifier: string, name: string): Value {
    const path = this.modules.resolve(view.path, specifier.endsWith('.') ? specifier + name : `${specifier}.${name}`);
    const target = path === null || path === undefined ? undefined : this.modules.view(path);
    if (!target) return nothing;
    this.evaluator.consulted.add(target.path);
    return { k: 'module', view: target };
  }

  /** The file of a module of Rust's, whatever else `use` calls so. */
  #moduleIn(view: FileView, name: string): Value {
    const path = this.modules.resolve(view.path, `self::${name}`);
    const target = path === null || path === undefined ? undefined : this.modules.view(path);
    if (!target) return nothing;
    this.evaluator.consulted.add(target.path);
    return { k: 'module', view: target };
  }

  exported(view: FileView, name: string, depth = 0): Value {
    if (depth > deepest) return nothing;
    this.evaluator.consulted.add(view.path);
    const inner = view.summary.family === 'rust' && name !== '*' ? this.#moduleIn(view, name) : nothing;
    if (inner.k !== 'nothing') return inner;
    const found = view.exports.get(name);
    if (found) {
      const { it, piece } = found;
      if (it.m !== undefined) return this.imported(view, it.m, it.x ?? name, depth + 1);
      if (it.e) return this.evaluator.evaluate({ view, piece }, it.e, depth + 1);
      const local = view.topLevel(it.local ?? name);
      return local ? this.evaluator.declared(view, local, depth + 1) : nothing;
    }
    // Elsewhere than in JavaScript, what stands at the top of a file is given out.
    const declared = view.summary.family === 'ecmascript' ? undefined : view.topLevel(name);
    if (declared) return this.evaluator.declared(view, declared, depth + 1);
    return name === 'default' ? nothing : this.starred(view, name, depth);
  }

  /** `export *` may go in circles. */
  starred(view: FileView, name: string, depth: number): Value {
    const asked = `${view.path}\0${name}`;
    if (view.stars.length === 0 || this.#exporting.has(asked)) return nothing;
    this.#exporting.add(asked);
    try {
      for (const star of view.stars) {
        const value = this.imported(view, star, name, depth + 1);
        if (value.k !== 'nothing' && value.k !== 'package') return value;
      }
      return nothing;
    } finally {
      this.#exporting.delete(asked);
    }
  }
}
