package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import java.time.Duration;
import java.time.Instant;

/**
 * The newest moment that one look found reachable from the complete copies of a resource in one place.
 *
 * @param latest the newest moment, by the resource's own clock
 * @param exposure how far the look was ahead of it: the longer of what the wall clock shows and of the time since some
 *     look first found this very moment; never negative
 */
public record Newest(ResourceId resource, Place place, Instant latest, Duration exposure) {}
