package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.TargetId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the embedder told the target: its name, declared places and limits.
 *
 * @param id the target's name
 * @param places the declared places by server name
 * @param silenceLimit how long a connection with nothing to confirm may say nothing
 * @param patience how long a look waits for a connection that has something to confirm
 */
record Estate(TargetId id, Map<String, Place> places, Duration silenceLimit, Duration patience) {
    Estate {
        places = new LinkedHashMap<>(places);
    }

    Place declared(String server) {
        return Optional.ofNullable(places.get(server)).orElse(Place.UNKNOWN);
    }
}
