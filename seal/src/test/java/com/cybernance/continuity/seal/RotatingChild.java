package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.nio.file.Path;

/** A process that opens a key file first of all, then rotates it again and again, and prints the key that seals after each rotation it was told of. */
final class RotatingChild {
    private RotatingChild() {}

    /** Takes the online key file, the public recovery key file, and how many rotations to be told of. */
    public static void main(String[] arguments) {
        Path online = Path.of(arguments[0]);
        LocalKeyRing.open(online, Path.of(arguments[1]));
        for (int done = 0; done < Integer.parseInt(arguments[2]); ) {
            try {
                KeyFiles.rotate(online);
                done++;
                System.out.println(LocalKeyRing.open(online, Path.of(arguments[1]))
                        .sealsFor()
                        .get(0));
            } catch (ContinuityException refused) {
                if (refused.kind() != FailureKind.CONFLICT) {
                    throw refused;
                }
            }
        }
        System.out.println("done");
    }
}
