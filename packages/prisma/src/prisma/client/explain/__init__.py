"""Explanations: failures become the errors of `prisma.errors`, in the words of the call."""
