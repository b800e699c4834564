package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

/**
 * One member of a target: a server of a cluster, a repository of an organisation. Every fact carries the id of the
 * member that it is about.
 *
 * @param target the target that sees the member
 * @param member the member's own name within the target, not empty
 */
public record ResourceId(TargetId target, String member) {
    public ResourceId {
        requireNonNull(target, "target");
        requireNonNull(member, "member");
        if (member.isBlank()) {
            throw new IllegalArgumentException("a member of target %s has an empty name".formatted(target));
        }
    }

    @Override
    public String toString() {
        return target + "/" + member;
    }
}
