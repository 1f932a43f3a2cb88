// Which lies were really told: an attack that no face has ever come to proves nothing.
import {isTold} from '../servers/hostile-says.ts';
import {type Assault, nameOf} from './hostile-judge.ts';

export class ToldLies {
  readonly #told = new Set<string>();

  /** The same assault, whose lies are noted as they are told. */
  noted(assault: Assault): Assault {
    const {attack, end} = assault;
    return {
      end,
      attack: {
        ...attack,
        lies: exchanged => {
          const said = attack.lies(exchanged);
          if (isTold(attack, exchanged, said)) this.#told.add(nameOf(assault));
          return said;
        },
      },
    };
  }

  /** Names of those that were never told. */
  untold(assaults: readonly Assault[]): string[] {
    return assaults.map(nameOf).filter(name => !this.#told.has(name));
  }
}
