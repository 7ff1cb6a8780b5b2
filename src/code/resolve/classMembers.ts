import type { Member } from '../summary';
import { followsInstances } from './classesAround';
import type { Evaluating } from './evaluating';
import type { Modules } from './modules';
import { nothing, type Site, type Value } from './value';
import type { FileView, In } from './view';

/** Members of classes: their own, those in other files of the package, those they inherit. */
export class ClassMembers {
  constructor(
    private readonly modules: Modules,
    private readonly evaluator: Evaluating,
  ) {}

  /** A member of a class; Go's methods may stand in other files of the package. */
  own(view: FileView, className: string, name: string): { view: FileView; found: In<Member> } | undefined {
    const found = view.member(className, name);
    if (found) return { view, found };
    const isPartial = view.class(className)?.it.partial === true;
    for (const other of isPartial ? this.modules.declaring(className) : this.siblings(view)) {
      const there = other.member(className, name);
      if (there) return { view: other, found: there };
    }
    return undefined;
  }

  /** The other files of a file's package, where they see each other's names. */
  siblings(view: FileView): FileView[] {
    const { shares } = view.summary;
    const folder = shares === null ? undefined : this.modules.resolve(view.path, shares);
    if (folder === null || folder === undefined) return [];
    return (this.modules.view(folder)?.stars ?? []).flatMap((star) => {
      const path = this.modules.resolve(folder, star);
      const other = path === null || path === undefined || path === view.path ? undefined : this.modules.view(path);
      if (other) this.evaluator.consulted.add(other.path);
      return other ?? [];
    });
  }

  of(site: Site, className: string, name: string, depth: number): Value {
    const own = this.own(site.view, className, name);
    if (own) {
      const { view, found: member } = own;
      const here: Site = { view, piece: member.piece };
      const fn = member.it.f === undefined ? undefined : member.piece.fns[member.it.f];
      if (fn) return { k: 'function', site: here, fn };
      const typed = member.it.t === undefined ? nothing : this.evaluator.types.typed(view, member.it.t, depth + 1);
      if (typed.k !== 'nothing' && typed.k !== 'typed')
        return this.evaluator.fields.made(here, member.it.e, typed, depth + 1);
      const value = this.evaluator.evaluate(here, member.it.e, depth + 1);
      if (value.k === 'text') {
        const via = followsInstances(view.summary.family) ? 'constant' : 'property';
        return { ...value, via: member.it.entry ? 'enum' : via };
      }
      // Its declared type tells more of a field than that what makes the instance is given it.
      return value.k === 'nothing' || (value.k === 'parameter' && typed.k === 'typed') ? typed : value;
    }
    const cls = site.view.class(className);
    const base = cls?.it.ext
      ? this.evaluator.evaluate({ view: site.view, piece: cls.piece }, cls.it.ext, depth + 1)
      : nothing;
    // `object New : Flag("new")` stands on an instance that was given something.
    const inherited =
      base.k === 'class'
        ? this.of(base.site, base.cls.n, name, depth + 1)
        : base.k === 'instance'
          ? this.evaluator.member(base, name, depth + 1)
          : nothing;
    if (inherited.k !== 'nothing' || !cls || !followsInstances(site.view.summary.family)) return inherited;
    for (const other of cls.it.impl) {
      const typed = this.evaluator.types.typed(site.view, other, depth + 1);
      const value =
        typed.k === 'instance' && typed.cls !== cls.it ? this.of(typed.site, typed.cls.n, name, depth + 1) : nothing;
      if (value.k !== 'nothing') return value;
    }
    return nothing;
  }
}
