using System.Reflection;
using System.Reflection.Emit;

namespace Shoal.Tests.Architecture;

/// <summary>
/// Which types a type uses, from what the compiler made of it: bases, members, signatures, attributes and the
/// code of all methods. A full name instead of a <c>using</c>, an alias or <c>var</c> hides nothing from
/// this; only constants leave no trace, because the compiler copies them.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> s_codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>
    /// The types that a type uses, generic ones without their arguments, which follow on their own.
    /// </summary>
    public static IEnumerable<Type> Of(Type type)
    {
        var used = new HashSet<Type>();
        Add(used, type.BaseType);
        Array.ForEach(type.GetInterfaces(), part => Add(used, part));
        AddAttributes(used, type);
        foreach (FieldInfo field in type.GetFields(All))
        {
            Add(used, field.FieldType);
            AddAttributes(used, field);
        }

        foreach (MethodBase method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        {
            AddAttributes(used, method);
            AddSignature(used, method);
            AddBody(used, method);
        }

        return used;
    }

    private static void AddAttributes(HashSet<Type> used, MemberInfo member)
    {
        foreach (CustomAttributeData attribute in member.GetCustomAttributesData())
        {
            Add(used, attribute.AttributeType);
            foreach (CustomAttributeTypedArgument argument in attribute.ConstructorArguments)
            {
                Add(used, argument.Value as Type);
            }
        }
    }

    private static void AddSignature(HashSet<Type> used, MethodBase method)
    {
        Add(used, (method as MethodInfo)?.ReturnType);
        Array.ForEach(method.GetParameters(), parameter => Add(used, parameter.ParameterType));
        if (method.IsGenericMethod)
        {
            foreach (Type argument in method.GetGenericArguments())
            {
                Add(used, argument);
                if (argument.IsGenericParameter)
                {
                    Array.ForEach(argument.GetGenericParameterConstraints(), limit => Add(used, limit));
                }
            }
        }
    }

    private static void AddBody(HashSet<Type> used, MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            Add(used, local.LocalType);
        }

        foreach (ExceptionHandlingClause clause in body.ExceptionHandlingClauses)
        {
            Add(used, clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null);
        }

        Type[] typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        foreach (int token in TokensOf(body.GetILAsByteArray()!))
        {
            AddMember(used, method.Module.ResolveMember(token, typeArguments, methodArguments)!);
        }
    }

    private static void AddMember(HashSet<Type> used, MemberInfo member)
    {
        Add(used, member as Type ?? member.DeclaringType);
        switch (member)
        {
            case FieldInfo field:
                Add(used, field.FieldType);
                break;
            case MethodBase called:
                AddSignature(used, called);
                break;
        }
    }

    // ECMA-335, partition III: an instruction is one or two bytes and an operand whose size its code tells.
    private static IEnumerable<int> TokensOf(byte[] code)
    {
        int at = 0;
        while (at < code.Length)
        {
            int value = code[at] == 0xFE ? (code[at] << 8) | code[at + 1] : code[at];
            at += code[at] == 0xFE ? 2 : 1;
            switch (s_codes[value].OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                    or OperandType.InlineType:
                    yield return BitConverter.ToInt32(code, at);
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(code, at));
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at++;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }

    private static void Add(HashSet<Type> used, Type? type)
    {
        if (type is null)
        {
            return;
        }

        if (type.HasElementType)
        {
            Add(used, type.GetElementType());
            return;
        }

        if (type.IsGenericType)
        {
            Array.ForEach(type.GetGenericArguments(), argument => Add(used, argument));
            type = type.GetGenericTypeDefinition();
        }

        if (!type.IsGenericParameter)
        {
            used.Add(type);
        }
    }
}
